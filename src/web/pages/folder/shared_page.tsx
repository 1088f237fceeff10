/**
 * What others share.
 *
 * @module
 */

import type { JSX } from "preact";
import { listShared } from "../../api/nodes.ts";
import type { Node } from "../../api/types.ts";
import { NodeMenu } from "../../nodes/node_menu.tsx";
import { hrefOf } from "../../nodes/shortcut.ts";
import { useMorePages } from "../../state/use_more_pages.ts";
import { COMMON } from "../../text/common.ts";
import { FOLDER } from "../../text/folder.ts";
import { Button } from "../../ui/button.tsx";
import { Icon, iconOf } from "../../ui/icon.tsx";
import { Ago, Chips, Failure, Skeleton } from "../../ui/small.tsx";

/** Shows what others share with the user, or with everyone. */
export function SharedPage(
  { from }: { readonly from: "shared" | "public" },
): JSX.Element {
  const list = useMorePages(
    from,
    (query, abort) => listShared(from, { ...query, sort: "type" }, abort),
  );
  const { items, hasMore, more, error, reload } = list;
  return (
    <div class="page">
      <h1>{COMMON[from]()}</h1>
      {error && <Failure error={error} retry={reload} />}
      {items === undefined && !error && <Skeleton />}
      {items?.length === 0 && (
        <div class="empty">
          <p>
            {from === "shared" ? FOLDER.sharedEmpty() : FOLDER.publicEmpty()}
          </p>
        </div>
      )}
      {items && items.length > 0 && <NodeTable nodes={items} />}
      {hasMore && (
        <div>
          <Button onClick={more}>{FOLDER.more()}</Button>
        </div>
      )}
    </div>
  );
}

function NodeTable(
  { nodes }: { readonly nodes: readonly Node[] },
): JSX.Element {
  return (
    <div class="plain-table card">
      <table>
        <thead>
          <tr>
            <th scope="col">{FOLDER.name()}</th>
            <th scope="col">{FOLDER.path()}</th>
            <th scope="col" class="wide-only">{FOLDER.labels()}</th>
            <th scope="col">{FOLDER.permission()}</th>
            <th scope="col" class="wide-only">{FOLDER.modified()}</th>
            <th scope="col" class="wide-only">{FOLDER.editor()}</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <tr key={node.id}>
              <th scope="row">
                <div class="name">
                  <Icon name={iconOf(node.type)} />
                  <a class="cut user-text" href={hrefOf(node)}>{node.name}</a>
                  <NodeMenu node={node} />
                </div>
              </th>
              <td class="path user-text">{node.path}</td>
              <td class="wide-only">
                <div class="chips">
                  <Chips labels={node.labels} />
                </div>
              </td>
              <td>{FOLDER[node.permission]()}</td>
              <td class="wide-only">
                <Ago ms={Date.parse(node.modifiedTimestamp)} />
              </td>
              <td class="user-text wide-only">{node.editor}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
