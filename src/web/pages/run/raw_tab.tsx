/**
 * The documents of a node as they are.
 *
 * @module
 */

import type { JSX } from "preact";
import { listObjects } from "../../api/objects.ts";
import type { Document, Node } from "../../api/types.ts";
import { Damaged } from "../../files/damaged.tsx";
import { TextView } from "../../files/text_view.tsx";
import { ValueTree } from "../../files/value_tree.tsx";
import { nodeHref, param, route, setParams } from "../../state/route.ts";
import { useDocuments } from "../../state/use_documents.ts";
import { useQuery } from "../../state/use_query.ts";
import { RUN } from "../../text/run.ts";
import { Icon } from "../../ui/icon.tsx";
import { Answer, Segments } from "../../ui/small.tsx";

const chosen = param("doc");
const as = param("as");

/** Shows every YAML document of a node, as text and as a tree. */
export function RawTab({ node }: { readonly node: Node }): JSX.Element {
  const documents = useDocuments(node);
  return (
    <Answer query={documents}>
      {(all) => {
        const document = all.find(({ key }) => key === chosen.value) ?? all[0];
        if (document === undefined) {
          return (
            <div class="empty">
              <h2>{RUN.noDocuments()}</h2>
            </div>
          );
        }
        return (
          <div class="raw">
            <nav class="raw-list card" aria-label={RUN.documents()}>
              {all.map(({ key, problem }) => (
                <a
                  key={key}
                  href={nodeHref(node.id, route.value.tab, {
                    doc: key,
                    ...(as.value === undefined ? {} : { as: as.value }),
                  })}
                  {...(key === document.key
                    ? { "aria-current": "page" as const }
                    : {})}
                >
                  {problem && <Icon name="warn" />}
                  {key}
                </a>
              ))}
            </nav>
            <RawDocument key={document.key} node={node} document={document} />
          </div>
        );
      }}
    </Answer>
  );
}

function RawDocument(
  { node, document }: { readonly node: Node; readonly document: Document },
): JSX.Element {
  const isTree = as.value === "tree" && document.problem === null;
  const { key, value, flat, problem } = document;
  const object = useQuery(
    `${node.id} ${key} ${JSON.stringify(value)}`,
    async (abort) => {
      const { data } = await listObjects(node, { prefix: key, size: 1 }, abort);
      return data?.[0] ?? null;
    },
  );
  return (
    <section class="raw-document">
      <div class="tools">
        <h2>{key}</h2>
        <span class="spacer" />
        {problem === null && (
          <Segments
            label={key}
            value={isTree ? "tree" : "text"}
            options={[
              { value: "text", text: RUN.asText() },
              { value: "tree", text: RUN.asTree() },
            ]}
            onChange={(value) =>
              setParams({ as: value === "tree" ? value : undefined })}
          />
        )}
      </div>
      {problem && <Damaged document={document} />}
      {isTree
        ? <ValueTree value={value} flat={flat} />
        : (
          <Answer query={object}>
            {(object) =>
              object && (
                <TextView node={node} object={object} line={problem?.line} />
              )}
          </Answer>
        )}
    </section>
  );
}
