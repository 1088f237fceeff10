/**
 * The log of a run.
 *
 * @module
 */

import type { JSX } from "preact";
import { listObjects } from "../../../api/objects.ts";
import type { Node, ObjectRecord } from "../../../api/types.ts";
import { useQuery } from "../../../state/use_query.ts";
import { RUN } from "../../../text/run.ts";
import { Answer } from "../../../ui/small.tsx";
import { useChanges } from "../../../state/use_changes.ts";
import { LogView } from "./log_view.tsx";

/** The object that holds what a run printed. */
export const LOG_KEY = "stdout.log";

/** Asks what is known of a run's log; null where there is none. */
export async function findLog(
  node: Node,
  signal: AbortSignal,
): Promise<ObjectRecord | null> {
  const { data } = await listObjects(
    node,
    { prefix: LOG_KEY, size: 1 },
    signal,
  );
  return data?.find(({ path }) => path === LOG_KEY) ?? null;
}

/** Shows the log. */
export function LogTab({ node }: { readonly node: Node }): JSX.Element {
  const log = useQuery(`log ${node.id}`, (abort) => findLog(node, abort));
  const isThere = (log.data?.size_bytes ?? 0) > 0;
  useChanges(node.id, ["log"], () => {
    if (!isThere) log.reload();
  });
  return (
    <Answer query={log}>
      {(object) =>
        object !== null && object.size_bytes > 0
          ? <LogView node={node} object={object} />
          : (
            <div class="empty">
              <h2>{RUN.noLog()}</h2>
              <p>{RUN.noLogHint()}</p>
            </div>
          )}
    </Answer>
  );
}
