/**
 * A run at a glance.
 *
 * @module
 */

import type { JSX } from "preact";
import { listSeries } from "../../../api/em.ts";
import type { Node, RunFacts } from "../../../api/types.ts";
import { useDocuments } from "../../../state/use_documents.ts";
import { useQuery } from "../../../state/use_query.ts";
import { useChanges } from "../../../state/use_changes.ts";
import { HparamsCard } from "./hparams_card.tsx";
import { Lineage } from "./lineage.tsx";
import { LogTail } from "./log_tail.tsx";
import { MetricsTable } from "./metrics_table.tsx";
import { Problems } from "./problems.tsx";
import { RunFactsCard } from "./run_facts_card.tsx";

/** Shows what a run is, how it stands, and its numbers. */
export function Overview(
  { node, run }: {
    readonly node: Node;
    /** Undefined until it is known. */
    readonly run: RunFacts | null | undefined;
  },
): JSX.Element {
  const documents = useDocuments(node);
  const series = useQuery(
    `series ${node.id}`,
    async (abort) => (await listSeries([node.id], abort)).runs[0],
  );
  useChanges(node.id, ["metrics"], series.reload);
  return (
    <>
      <Problems
        documents={documents.data ?? []}
        files={series.data?.types ?? []}
      />
      <div class="overview">
        <div class="overview-main">
          <MetricsTable node={node} query={series} />
          <LogTail node={node} />
        </div>
        <div class="overview-side">
          <RunFactsCard
            node={node}
            run={run}
            documents={documents.data ?? []}
            ranks={documents.ranks}
          />
          <HparamsCard node={node} query={documents} />
          <Lineage node={node} />
        </div>
      </div>
    </>
  );
}
