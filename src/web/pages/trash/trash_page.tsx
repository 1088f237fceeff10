/**
 * What was deleted.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { listTrash } from "../../api/nodes.ts";
import type { TrashedNode } from "../../api/types.ts";
import { formatBytes } from "../../format/number.ts";
import { formatTime } from "../../format/time.ts";
import { parentPath } from "../../nodes/allowed.ts";
import { restoreNodes } from "../../nodes/node_actions.ts";
import { session } from "../../state/session.ts";
import { useMorePages } from "../../state/use_more_pages.ts";
import { ACTIONS } from "../../text/actions.ts";
import { COMMON } from "../../text/common.ts";
import { FOLDER } from "../../text/folder.ts";
import { Button } from "../../ui/button.tsx";
import { Icon, iconOf } from "../../ui/icon.tsx";
import { Ago, Failure, Skeleton } from "../../ui/small.tsx";
import { PurgeDialog } from "./purge_dialog.tsx";

/** Shows what was deleted. */
export function TrashPage(): JSX.Element {
  const { items, hasMore, more, error, reload } = useMorePages(
    "trash",
    listTrash,
  );
  const [purged, setPurged] = useState<TrashedNode>();
  return (
    <div class="page">
      <h1>{COMMON.trash()}</h1>
      <p class="muted">{ACTIONS.trashHint()}</p>
      {error && <Failure error={error} retry={reload} />}
      {items === undefined && !error && <Skeleton />}
      {items?.length === 0 && (
        <div class="empty">
          <p>{ACTIONS.trashEmpty()}</p>
        </div>
      )}
      {items && items.length > 0 && (
        <div class="plain-table card">
          <table>
            <thead>
              <tr>
                <th scope="col">{FOLDER.name()}</th>
                <th scope="col" class="wide-only">{ACTIONS.was()}</th>
                <th scope="col">{ACTIONS.deletedAt()}</th>
                <th scope="col" class="wide-only">{ACTIONS.deletedBy()}</th>
                <th scope="col" class="wide-only">{ACTIONS.expires()}</th>
                <th scope="col" class="number wide-only">{ACTIONS.nodes()}</th>
                <th scope="col" class="number wide-only">{ACTIONS.size()}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {items.map((node) => (
                <Trashed
                  key={node.id}
                  node={node}
                  onPurge={() => setPurged(node)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasMore && (
        <div>
          <Button onClick={more}>{FOLDER.more()}</Button>
        </div>
      )}
      {purged && (
        <PurgeDialog
          node={purged}
          onClose={() => setPurged(undefined)}
        />
      )}
    </div>
  );
}

function Trashed({ node, onPurge }: {
  readonly node: TrashedNode;
  readonly onPurge: () => void;
}): JSX.Element {
  const { name, type, path, editor, nodes, size_bytes } = node;
  return (
    <tr>
      <th scope="row">
        <div class="name">
          <Icon name={iconOf(type)} />
          <span class="cut user-text">{name}</span>
        </div>
      </th>
      <td class="path user-text wide-only">{parentPath(path) ?? path}</td>
      <td>
        <Ago ms={Date.parse(node.deletedTimestamp)} />
      </td>
      <td class="user-text wide-only">{editor}</td>
      <td class="wide-only">
        <Until ms={Date.parse(node.expiresTimestamp)} />
      </td>
      <td class="number wide-only">{nodes}</td>
      <td class="number wide-only">{formatBytes(size_bytes)}</td>
      <td>
        {!session.value?.readOnly && (
          <div class="row-actions">
            <Button icon="undo" onClick={() => restoreNodes([node])}>
              {ACTIONS.restore()}
            </Button>
            <Button icon="trash" kind="danger" onClick={onPurge}>
              {ACTIONS.purge()}
            </Button>
          </div>
        )}
      </td>
    </tr>
  );
}

const DAY_MS = 24 * 3600 * 1000;

function Until({ ms }: { readonly ms: number }): JSX.Element {
  const days = Math.floor((ms - Date.now()) / DAY_MS);
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatTime(ms)}>
      {days > 0 ? ACTIONS.expiresIn({ n: days }) : ACTIONS.expiresSoon()}
    </time>
  );
}
