/**
 * Dialogs that ask for a folder: where nodes are moved to, and where a shortcut is made.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { createNode } from "../api/nodes.ts";
import type { Node } from "../api/types.ts";
import { treeChanged } from "../state/current.ts";
import { toast } from "../state/toasts.ts";
import { ACTIONS } from "../text/actions.ts";
import { Dialog } from "../ui/dialog.tsx";
import { isAtOrBelow, parentPath } from "./allowed.ts";
import { FolderPicker } from "./folder_picker.tsx";
import { inWords, moveNodes } from "./node_actions.ts";

/** Asks where nodes are moved to. */
export function MoveDialog(
  { nodes, onClose }: {
    readonly nodes: readonly Node[];
    readonly onClose: () => void;
  },
): JSX.Element {
  const [folder, setFolder] = useState<Node>();
  const [first] = nodes;
  const isThere = folder !== undefined &&
    nodes.every(({ path }) => parentPath(path) === folder.path);
  return (
    <Dialog
      title={nodes.length === 1 && first
        ? ACTIONS.moveTitle({ name: first.name })
        : ACTIONS.moveMany({ n: nodes.length })}
      submit={folder ? ACTIONS.moveTo({ folder: folder.name }) : ACTIONS.move()}
      disabled={folder === undefined || isThere}
      onClose={onClose}
      onSubmit={async () => {
        if (folder) await moveNodes(nodes, folder);
      }}
    >
      <FolderPicker
        value={folder}
        onChange={setFolder}
        isRefused={(target) =>
          nodes.some(({ path }) => isAtOrBelow(target.path, path))}
      />
    </Dialog>
  );
}

/** Asks where a shortcut is made. */
export function ShortcutDialog(
  { node, onClose }: { readonly node: Node; readonly onClose: () => void },
): JSX.Element {
  const [folder, setFolder] = useState<Node>();
  const [name, setName] = useState(node.name);
  return (
    <Dialog
      title={ACTIONS.shortcutTitle({ name: node.name })}
      submit={folder
        ? ACTIONS.shortcutIn({ folder: folder.name })
        : ACTIONS.create()}
      disabled={folder === undefined || name.trim() === ""}
      onClose={onClose}
      onSubmit={async () => {
        if (folder === undefined) return;
        await inWords(createNode({
          parent: folder.id,
          name: name.trim(),
          type: "Shortcut",
          extra: JSON.stringify({ target: node.id }),
        }));
        treeChanged();
        toast("done", ACTIONS.shortcutMade({ folder: folder.name }));
      }}
    >
      <label class="field">
        <span>{ACTIONS.name()}</span>
        <input
          class="input"
          maxLength={255}
          required
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <FolderPicker value={folder} onChange={setFolder} />
    </Dialog>
  );
}
