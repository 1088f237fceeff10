/**
 * An object as JSON.
 *
 * @module
 */

import type { JSX } from "preact";
import { readRange } from "../api/objects.ts";
import type { Node, ObjectRecord } from "../api/types.ts";
import { useQuery } from "../state/use_query.ts";
import { FILES } from "../text/files.ts";
import { Answer } from "../ui/small.tsx";
import { TextView } from "./text_view.tsx";
import { ValueTree } from "./value_tree.tsx";

/** Shows JSON as a tree; what is none, as text. */
export function JsonView(
  { node, object }: { readonly node: Node; readonly object: ObjectRecord },
): JSX.Element {
  const { path, checksum } = object;
  const json = useQuery(`${node.id} ${path} ${checksum}`, async (abort) => {
    const { bytes } = await readRange(node, path, { from: 0 }, abort);
    return parse(new TextDecoder().decode(bytes));
  });
  return (
    <Answer query={json}>
      {({ value, problem }) =>
        problem === undefined
          ? (
            <div class="preview-body">
              <ValueTree
                value={typeof value === "object" && value !== null
                  ? value
                  : [value]}
                isOpen={JSON.stringify(value).length < 20_000}
              />
            </div>
          )
          : (
            <>
              <p class="notice warn user-text">
                {FILES.notJson({ message: problem })}
              </p>
              <TextView node={node} object={object} />
            </>
          )}
    </Answer>
  );
}

function parse(
  text: string,
): { readonly value?: unknown; readonly problem?: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: error.message.slice(0, 300) };
  }
}
