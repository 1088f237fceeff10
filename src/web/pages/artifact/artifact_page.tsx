/**
 * The page of an artifact, and of every other node that is neither folder nor run.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node } from "../../api/types.ts";
import { FilesTab } from "../../files/files_tab.tsx";
import { holdsObjects, NodeHead } from "../../nodes/node_head.tsx";
import { nodeHref, route } from "../../state/route.ts";
import { RUN } from "../../text/run.ts";
import { Tabs } from "../../ui/small.tsx";
import { Dataflow } from "../dataflow/dataflow.tsx";
import { RawTab } from "../run/raw_tab.tsx";
import { NodeInfo } from "./node_info.tsx";

type Tab = "files" | "dataflow" | "raw" | "info";

/** Shows an artifact: its files, what it is connected with, and its metadata. */
export function ArtifactPage({ node }: { readonly node: Node }): JSX.Element {
  const tabs = tabsOf(node);
  const wanted = route.value.tab;
  const tab = tabs.find((each) => each === wanted) ?? tabs[0] ?? "info";
  return (
    <div class={`page node-page ${tab === "dataflow" ? "fill" : ""}`}>
      <NodeHead node={node} />
      {tabs.length > 1 && (
        <Tabs
          current={tab}
          tabs={tabs.map((id, i) => ({
            id,
            text: RUN[id](),
            href: nodeHref(node.id, i === 0 ? "" : id),
          }))}
        />
      )}
      {tab === "files" && <FilesTab node={node} />}
      {tab === "dataflow" && <Dataflow node={node} />}
      {tab === "raw" && <RawTab node={node} />}
      {tab === "info" && <NodeInfo node={node} />}
    </div>
  );
}

function tabsOf(node: Node): readonly Tab[] {
  if (holdsObjects(node)) return ["files", "dataflow", "raw"];
  return node.type === "Shortcut" ? ["info"] : ["info", "dataflow"];
}
