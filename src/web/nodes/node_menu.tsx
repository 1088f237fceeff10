/**
 * What can be done with a node.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node } from "../api/types.ts";
import { session } from "../state/session.ts";
import { toast, toastError } from "../state/toasts.ts";
import { ACTIONS } from "../text/actions.ts";
import { Menu, type MenuItem } from "../ui/menu.tsx";
import { type Action, allowedActions } from "./allowed.ts";
import { openDialog } from "./dialogs.ts";
import { deleteNodes } from "./node_actions.ts";
import { parentPermission } from "./parent_permission.ts";
import { hrefOf } from "./shortcut.ts";

/** Shows a button with a menu of what the user may do with a node. */
export function NodeMenu({ node }: { readonly node: Node }): JSX.Element {
  return (
    <Menu label={ACTIONS.menu({ name: node.name })} items={itemsOf(node)} />
  );
}

function itemsOf(node: Node): MenuItem[] {
  const allowed = mayDo(node);
  const nodes = [node];
  const items: readonly (MenuItem & { readonly action: Action })[] = [
    {
      action: "newFolder",
      label: ACTIONS.newFolder(),
      icon: "plus",
      onSelect: () => openDialog({ kind: "newFolder", parent: node }),
    },
    {
      action: "rename",
      label: ACTIONS.rename(),
      icon: "edit",
      onSelect: () => openDialog({ kind: "rename", node }),
    },
    {
      action: "labels",
      label: ACTIONS.editLabels(),
      icon: "pin",
      onSelect: () => openDialog({ kind: "labels", nodes }),
    },
    {
      action: "description",
      label: ACTIONS.editDescription(),
      icon: "other",
      onSelect: () => openDialog({ kind: "description", node }),
    },
    {
      action: "move",
      label: ACTIONS.move(),
      icon: "move",
      onSelect: () => openDialog({ kind: "move", nodes }),
    },
    {
      action: "share",
      label: ACTIONS.share(),
      icon: "share",
      onSelect: () => openDialog({ kind: "share", node }),
    },
    {
      action: "shortcut",
      label: ACTIONS.shortcut(),
      icon: "shortcut",
      onSelect: () => openDialog({ kind: "shortcut", node }),
    },
    {
      action: "delete",
      label: ACTIONS.delete(),
      icon: "trash",
      danger: true,
      separated: true,
      onSelect: () => void deleteNodes(nodes),
    },
  ];
  const copy: MenuItem = {
    label: ACTIONS.copyLink(),
    icon: "copy",
    onSelect: () => copyLink(node),
  };
  const shown = items.filter(({ action }) => allowed.has(action));
  const harmless = shown.filter(({ danger }) => !danger);
  return [...harmless, copy, ...shown.filter(({ danger }) => danger)];
}

/** What the user may do with a node. */
export function mayDo(node: Node): ReadonlySet<Action> {
  const { user, readOnly = false } = session.value ?? { user: null };
  return allowedActions(node, {
    user,
    readOnly,
    parent: readOnly ? undefined : parentPermission(node),
  });
}

function copyLink(node: Node): void {
  const href = new URL(hrefOf(node), document.baseURI).href;
  navigator.clipboard.writeText(href)
    .then(() => toast("done", ACTIONS.linkCopied()), toastError);
}
