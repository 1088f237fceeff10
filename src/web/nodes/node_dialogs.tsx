/**
 * The place where dialogs about nodes are shown.
 *
 * @module
 */

import type { JSX } from "preact";
import { closeDialog, nodeDialog } from "./dialogs.ts";
import { LabelsDialog } from "./labels_dialog.tsx";
import { MoveDialog, ShortcutDialog } from "./folder_dialogs.tsx";
import { ShareDialog } from "./share_dialog.tsx";
import {
  DescriptionDialog,
  NewFolderDialog,
  RenameDialog,
} from "./text_dialogs.tsx";

/** Shows the dialog that is open, if one is. */
export function NodeDialogs(): JSX.Element | null {
  const dialog = nodeDialog.value;
  const onClose = closeDialog;
  switch (dialog?.kind) {
    case "newFolder":
      return <NewFolderDialog parent={dialog.parent} onClose={onClose} />;
    case "rename":
      return <RenameDialog node={dialog.node} onClose={onClose} />;
    case "description":
      return <DescriptionDialog node={dialog.node} onClose={onClose} />;
    case "labels":
      return <LabelsDialog nodes={dialog.nodes} onClose={onClose} />;
    case "move":
      return <MoveDialog nodes={dialog.nodes} onClose={onClose} />;
    case "shortcut":
      return <ShortcutDialog node={dialog.node} onClose={onClose} />;
    case "share":
      return <ShareDialog node={dialog.node} onClose={onClose} />;
    case undefined:
      return null;
  }
}
