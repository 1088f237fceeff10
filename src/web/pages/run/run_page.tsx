/**
 * The page of a run.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node, RunFacts } from "../../api/types.ts";
import { MetricBoard } from "../../charts/metric_board.tsx";
import { runColor } from "../../charts/palette.ts";
import { FilesTab } from "../../files/files_tab.tsx";
import { NodeHead } from "../../nodes/node_head.tsx";
import { nodeHref, route } from "../../state/route.ts";
import type { Query } from "../../state/use_query.ts";
import { RUN } from "../../text/run.ts";
import { Failure, Skeleton, Tabs } from "../../ui/small.tsx";
import { ArtifactPage } from "../artifact/artifact_page.tsx";
import { Dataflow } from "../dataflow/dataflow.tsx";
import { DocumentTab } from "./document_tab.tsx";
import { GitTab } from "./git_tab.tsx";
import { LogTab } from "./log/log_tab.tsx";
import { Overview } from "./overview/overview.tsx";
import { RawTab } from "./raw_tab.tsx";
import { isLive, useRun } from "./use_run.ts";

const TABS = [
  "overview",
  "metrics",
  "hparams",
  "files",
  "log",
  "platform",
  "git",
  "dataflow",
  "raw",
] as const;

type Tab = typeof TABS[number];

/** Shows a run. */
export function RunPage({ node }: { readonly node: Node }): JSX.Element {
  return node.type === "Run"
    ? <RunParts node={node} />
    : <ArtifactPage node={node} />;
}

function RunParts({ node }: { readonly node: Node }): JSX.Element {
  const run = useRun(node);
  const wanted = route.value.tab;
  const tab = TABS.find((each) => each === wanted) ?? "overview";
  const fills = tab === "log" || tab === "dataflow";
  return (
    <div class={`page node-page ${fills ? "fill" : ""}`}>
      <NodeHead node={node} run={run.data} />
      <Tabs
        current={tab}
        tabs={TABS.map((id) => ({
          id,
          text: RUN[id](),
          href: nodeHref(node.id, id === "overview" ? "" : id),
        }))}
      />
      {run.error && <Failure error={run.error} retry={run.reload} />}
      <RunPart key={tab} tab={tab} node={node} run={run} />
    </div>
  );
}

function RunPart(
  { tab, node, run }: {
    readonly tab: Tab;
    readonly node: Node;
    readonly run: Query<RunFacts | null>;
  },
): JSX.Element {
  switch (tab) {
    case "overview":
      return <Overview node={node} run={run.data} />;
    case "metrics":
      if (run.data === undefined) return <Skeleton />;
      return (
        <MetricBoard
          runs={[{
            id: node.id,
            name: node.name,
            color: runColor(0),
            isLive: isLive(run.data),
          }]}
        />
      );
    case "hparams":
      return (
        <DocumentTab
          node={node}
          documentKey="hyperparameters.yaml"
          none={RUN.noHparams()}
          hint={RUN.noHparamsHint()}
        />
      );
    case "platform":
      return (
        <DocumentTab
          node={node}
          documentKey="platform.yaml"
          none={RUN.noPlatform()}
        />
      );
    case "git":
      return <GitTab node={node} />;
    case "files":
      return <FilesTab node={node} />;
    case "log":
      return <LogTab node={node} />;
    case "dataflow":
      return <Dataflow node={node} />;
    case "raw":
      return <RawTab node={node} />;
  }
}
