/**
 * The last question before something is deleted for good.
 *
 * @module
 */

import type { JSX } from "preact";
import { purgeNode } from "../../api/nodes.ts";
import type { TrashedNode } from "../../api/types.ts";
import { formatBytes } from "../../format/number.ts";
import { inWords } from "../../nodes/node_actions.ts";
import { treeChanged } from "../../state/current.ts";
import { ACTIONS } from "../../text/actions.ts";
import { Dialog } from "../../ui/dialog.tsx";

/** Asks whether something is to be deleted for good. */
export function PurgeDialog({ node, onClose }: {
  readonly node: TrashedNode;
  readonly onClose: () => void;
}): JSX.Element {
  const { id, name, nodes, size_bytes } = node;
  return (
    <Dialog
      title={ACTIONS.purgeTitle({ name })}
      submit={ACTIONS.purge()}
      danger
      onClose={onClose}
      onSubmit={async () => {
        await inWords(purgeNode(id));
        treeChanged();
      }}
    >
      <p>{ACTIONS.purgeHint({ nodes, size: formatBytes(size_bytes) })}</p>
    </Dialog>
  );
}
