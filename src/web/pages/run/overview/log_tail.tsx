/**
 * The last lines of a log.
 *
 * @module
 */

import type { JSX } from "preact";
import { readRange } from "../../../api/objects.ts";
import type { Node } from "../../../api/types.ts";
import { splitBlocks } from "../../../files/lines.ts";
import { TextLine } from "../../../files/text_line.tsx";
import { nodeHref } from "../../../state/route.ts";
import { useQuery } from "../../../state/use_query.ts";
import { RUN } from "../../../text/run.ts";
import { Answer } from "../../../ui/small.tsx";
import { findLog, LOG_KEY } from "../log/log_tab.tsx";
import { useChanges } from "../../../state/use_changes.ts";

const TAIL_BYTES = 8 * 1024;
const LINES = 12;

/** Shows the last lines, and leads to the log. */
export function LogTail({ node }: { readonly node: Node }): JSX.Element {
  const tail = useQuery(`tail ${node.id}`, async (abort) => {
    const log = await findLog(node, abort);
    if (log === null || log.size_bytes === 0) return null;
    return await readRange(node, LOG_KEY, { from: -TAIL_BYTES }, abort);
  });
  useChanges(node.id, ["log"], tail.reload);
  return (
    <section class="card padded">
      <div class="tools">
        <h2>{RUN.log()}</h2>
        <span class="spacer" />
        <a href={nodeHref(node.id, "log")}>{RUN.openLog()}</a>
      </div>
      <Answer query={tail}>
        {(found) => {
          if (found === null) return <p class="muted">{RUN.noLog()}</p>;
          const { bytes, from } = found;
          const lines = splitBlocks(bytes, from).flatMap(({ lines }) => lines);
          return (
            <div class="log-tail">
              {lines.slice(-LINES).map((line) => (
                <TextLine
                  key={from + line.start}
                  bytes={bytes}
                  line={line}
                  wanted=""
                  isCut={line.start === 0 && from > 0}
                />
              ))}
            </div>
          );
        }}
      </Answer>
    </section>
  );
}
