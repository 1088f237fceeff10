/**
 * The references of an artifact.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node } from "../api/types.ts";
import { useDocuments } from "../state/use_documents.ts";
import { FILES } from "../text/files.ts";
import { Answer, CopyButton } from "../ui/small.tsx";
import { Damaged } from "./damaged.tsx";
import { LongText } from "./long_text.tsx";
import { entriesOf } from "./value_rows.ts";

/** Shows which objects are elsewhere, and where. */
export function ReferencesView(
  { node }: { readonly node: Node },
): JSX.Element {
  const documents = useDocuments(node);
  return (
    <Answer query={documents}>
      {(all) => {
        const document = all.find(({ key }) => key === "references.yaml");
        if (document === undefined) return <p>{FILES.none()}</p>;
        if (document.problem) return <Damaged document={document} />;
        return (
          <div class="preview-body table-box">
            <table class="plain-table">
              <thead>
                <tr>
                  <th scope="col">{FILES.object()}</th>
                  <th scope="col">{FILES.uri()}</th>
                </tr>
              </thead>
              <tbody>
                {entriesOf(document.value).map(([path, uri]) => (
                  <tr key={path}>
                    <th scope="row" class="mono">
                      <LongText text={path} />
                    </th>
                    <td>
                      <Reference uri={String(uri)} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      }}
    </Answer>
  );
}

/** Only addresses of the web are links. */
function Reference({ uri }: { readonly uri: string }): JSX.Element {
  const url = URL.parse(uri);
  const isWeb = url !== null && /^https?:$/.test(url.protocol);
  return (
    <span class="copied">
      {isWeb
        ? (
          <a href={url.href} rel="noreferrer" target="_blank">
            <LongText text={uri} max={500} />
          </a>
        )
        : <LongText text={uri} max={500} />}
      <CopyButton text={uri} />
    </span>
  );
}
