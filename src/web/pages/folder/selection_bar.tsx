/**
 * What can be done with the rows that are ticked.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { listRows } from "../../api/em.ts";
import type { Node } from "../../api/types.ts";
import { openDialog } from "../../nodes/dialogs.ts";
import { deleteNodes } from "../../nodes/node_actions.ts";
import { isComparable, MAX_PICKED } from "../../state/picked.ts";
import { compareHref } from "../../state/route.ts";
import { session } from "../../state/session.ts";
import { toastError } from "../../state/toasts.ts";
import { ACTIONS } from "../../text/actions.ts";
import { COMMON } from "../../text/common.ts";
import { FOLDER } from "../../text/folder.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import type { Selection } from "./use_selection.ts";

/** Shows the bar. */
export function SelectionBar({ node, selection }: {
  readonly node: Node;
  readonly selection: Selection;
}): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  const { nodes, clear } = selection;
  const runs = nodes.filter(({ type }) => isComparable(type));
  const mayChange = !session.value?.readOnly && node.permission !== "view";

  /** Asks how the nodes are now: their labels and what may be done with them may have changed. */
  const withNodes = async (use: (nodes: readonly Node[]) => unknown) => {
    setBusy(true);
    try {
      const ids = nodes.map(({ id }) => id);
      const { data } = await listRows({ node: ids, size: MAX_PICKED });
      await use(data.map(({ node }) => node));
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  return (
    <div
      class="selection"
      role="group"
      aria-label={FOLDER.selected({ n: nodes.length })}
    >
      <strong class="numeric">{FOLDER.selected({ n: nodes.length })}</strong>
      {runs.length > 0 && (
        <a
          class="button primary"
          href={compareHref(runs.map(({ id }) => id))}
        >
          <Icon name="compare" />
          {COMMON.compare()}
        </a>
      )}
      {mayChange && (
        <>
          <Button
            disabled={isBusy}
            icon="pin"
            onClick={() =>
              withNodes((nodes) => openDialog({ kind: "labels", nodes }))}
          >
            {ACTIONS.labels()}
          </Button>
          <Button
            disabled={isBusy}
            icon="move"
            onClick={() =>
              withNodes((nodes) => openDialog({ kind: "move", nodes }))}
          >
            {ACTIONS.move()}
          </Button>
          <Button
            disabled={isBusy}
            icon="trash"
            kind="danger"
            onClick={() => withNodes(deleteNodes)}
          >
            {ACTIONS.delete()}
          </Button>
        </>
      )}
      <Button kind="quiet" onClick={clear}>{FOLDER.clear()}</Button>
    </div>
  );
}
