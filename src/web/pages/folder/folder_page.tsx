/**
 * The page of a folder.
 *
 * @module
 */

import type { JSX } from "preact";
import { ApiError } from "../../api/request.ts";
import type { Node } from "../../api/types.ts";
import { openDialog } from "../../nodes/dialogs.ts";
import { mayDo, NodeMenu } from "../../nodes/node_menu.tsx";
import { route } from "../../state/route.ts";
import { ACTIONS } from "../../text/actions.ts";
import { FOLDER } from "../../text/folder.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Failure, Skeleton } from "../../ui/small.tsx";
import { EmptyFolder } from "./empty_folder.tsx";
import { FilterBar } from "./filter_bar.tsx";
import { FolderCard } from "./folder_card.tsx";
import { filterProblem, isWhole, rowsQuery, viewOf } from "./folder_query.ts";
import { FolderTable } from "./folder_table.tsx";
import { clearFilters, QuickFilters } from "./quick_filters.tsx";
import { SelectionBar } from "./selection_bar.tsx";
import { useColumns } from "./use_columns.ts";
import { useRows } from "./use_rows.ts";
import { useSelection } from "./use_selection.ts";

/** Shows a folder. */
export function FolderPage({ node }: { readonly node: Node }): JSX.Element {
  const view = viewOf(route.value.params);
  const choice = useColumns(node.id, view.isRecursive);
  const query = choice.isKnown
    ? rowsQuery(node.id, view, choice.columns)
    : undefined;
  const rows = useRows(node.id, query, choice.reload);
  const selection = useSelection(node, view, query, rows);

  const { total, error } = rows;
  const problem = error instanceof ApiError
    ? filterProblem(error.message, view)
    : undefined;
  const isEmpty = total === 0 && isWhole(view) && !rows.isLoading;
  return (
    <div class="page fill folder">
      <div class="page-head">
        <h1 class="user-text">
          <Icon name="folder" /> {node.name}
        </h1>
        <NodeMenu node={node} />
        <span class="spacer" />
        {mayDo(node).has("newFolder") && (
          <Button
            icon="plus"
            onClick={() => openDialog({ kind: "newFolder", parent: node })}
          >
            {ACTIONS.newFolder()}
          </Button>
        )}
      </div>
      <FolderCard node={node} />
      {!isEmpty && (
        <FilterBar
          view={view}
          choice={choice}
          problem={problem}
          unknown={rows.unknown}
        />
      )}
      {error && problem === undefined && (
        <Failure
          error={error}
          retry={() => rows.refresh()}
        />
      )}
      {total === undefined
        ? !error && <Skeleton lines={8} />
        : isEmpty
        ? <EmptyFolder node={node} />
        : (
          <>
            <div class="folder-line">
              {selection.nodes.length > 0
                ? <SelectionBar node={node} selection={selection} />
                : (
                  <QuickFilters
                    view={view}
                    labels={rows.known().flatMap(({ node }) => node.labels)}
                  />
                )}
              <span class="count muted numeric" role="status">
                {FOLDER.count({ n: total.toLocaleString("en") })}
              </span>
            </div>
            {total === 0
              ? (
                <div class="empty">
                  <p>{FOLDER.noMatch()}</p>
                  <Button onClick={clearFilters}>
                    {FOLDER.clearFilters()}
                  </Button>
                </div>
              )
              : (
                <FolderTable
                  node={node}
                  view={view}
                  choice={choice}
                  rows={rows}
                  selection={selection}
                />
              )}
          </>
        )}
    </div>
  );
}
