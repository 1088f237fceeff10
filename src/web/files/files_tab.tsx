/**
 * The objects of a node, and a look into one of them.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node } from "../api/types.ts";
import { param, setParams } from "../state/route.ts";
import { FILES } from "../text/files.ts";
import { Icon } from "../ui/icon.tsx";
import { Answer } from "../ui/small.tsx";
import { ObjectTable } from "./object_table.tsx";
import { Preview } from "./preview.tsx";
import { useObjects } from "./use_objects.ts";

const dir = param("dir");
const file = param("file");
const search = param("q");

/** Shows the objects of a node as folders. */
export function FilesTab({ node }: { readonly node: Node }): JSX.Element {
  const text = search.value ?? "";
  const all = useObjects(node, "");
  const isCut = (all.data?.total ?? 0) > (all.data?.objects.length ?? 0);
  return (
    <Answer query={all}>
      {(list) => {
        if (list.total === 0) {
          return (
            <div class="empty">
              <h2>{FILES.none()}</h2>
              <p>{FILES.noneHint()}</p>
            </div>
          );
        }
        const chosen = list.objects.find(({ path }) => path === file.value);
        return (
          <div class={`files ${chosen ? "with-preview" : ""}`}>
            <section class="files-list">
              <label class="search-field">
                <Icon name="search" />
                <input
                  class="input"
                  type="search"
                  value={text}
                  placeholder={FILES.search()}
                  aria-label={FILES.search()}
                  onInput={(event) =>
                    setParams({ q: event.currentTarget.value })}
                />
              </label>
              {isCut && (
                <p class="notice">{FILES.cut({ n: list.objects.length })}</p>
              )}
              {text !== "" && isCut
                ? <Found node={node} text={text} />
                : (
                  <ObjectTable
                    node={node}
                    objects={list.objects}
                    prefix={dir.value ?? ""}
                    search={text}
                    chosen={chosen?.path}
                  />
                )}
            </section>
            {chosen !== undefined && (
              <Preview key={chosen.path} node={node} object={chosen} />
            )}
          </div>
        );
      }}
    </Answer>
  );
}

/** What the server finds among more objects than are listed. */
function Found(
  { node, text }: { readonly node: Node; readonly text: string },
): JSX.Element {
  const found = useObjects(node, text);
  return (
    <Answer query={found}>
      {({ objects }) => (
        <ObjectTable
          node={node}
          objects={objects}
          prefix=""
          search={text}
          chosen={file.value}
        />
      )}
    </Answer>
  );
}
