/**
 * Choosing a folder.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { getNode, listNodes, listShared } from "../api/nodes.ts";
import type { Node } from "../api/types.ts";
import { current } from "../state/current.ts";
import { rootPath } from "../state/session.ts";
import { useQuery } from "../state/use_query.ts";
import { ACTIONS } from "../text/actions.ts";
import { COMMON } from "../text/common.ts";
import { Icon } from "../ui/icon.tsx";
import { Failure } from "../ui/small.tsx";
import { isAtOrBelow } from "./allowed.ts";

/** Which folder is chosen, and which cannot be. */
export interface FolderPickerProps {
  readonly value: Node | undefined;
  readonly onChange: (folder: Node) => void;
  readonly isRefused?: (folder: Node) => boolean;
}

/** Shows the folders that the user may edit, as a tree to open. */
export function FolderPicker(props: FolderPickerProps): JSX.Element {
  const root = useQuery(rootPath(), (abort) => getNode(rootPath(), abort));
  const shared = useQuery(
    "shared",
    (abort) => listShared("shared", { type: "Folder", size: 1000 }, abort),
  );
  const others = shared.data?.data?.filter(mayEdit) ?? [];
  return (
    <fieldset class="field picker">
      <legend>{ACTIONS.target()}</legend>
      {root.error && <Failure error={root.error} retry={root.reload} />}
      <ul>
        {root.data && <Choice {...props} folder={root.data} isOpenAtFirst />}
        {others.length > 0 && <li class="picker-heading">{COMMON.shared()}</li>}
        {others.map((folder) => (
          <Choice {...props} key={folder.id} folder={folder} />
        ))}
      </ul>
    </fieldset>
  );
}

function mayEdit({ permission }: Node): boolean {
  return permission !== "view";
}

function Choice(
  props: FolderPickerProps & {
    readonly folder: Node;
    readonly isOpenAtFirst?: boolean;
  },
): JSX.Element {
  const { folder, isOpenAtFirst, ...picker } = props;
  const { value, onChange, isRefused } = picker;
  const [isOpen, setOpen] = useState(
    isOpenAtFirst ??
      isAtOrBelow(current.peek()?.path ?? "", folder.path),
  );
  const below = useQuery(
    isOpen ? folder.id : undefined,
    (abort) => listNodes(folder.id, { type: "Folder", size: 1000 }, abort),
  );
  const folders = below.data?.data?.filter(mayEdit) ?? [];
  return (
    <li>
      <div>
        <button
          type="button"
          class={`twist ${isOpen ? "open" : ""}`}
          aria-expanded={isOpen}
          aria-label={folder.name}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="right" />
        </button>
        <label>
          <input
            type="radio"
            name="folder"
            checked={value?.id === folder.id}
            disabled={isRefused?.(folder) ?? false}
            onChange={() => onChange(folder)}
          />
          <Icon name="folder" />
          <span class="cut user-text">{folder.name}</span>
        </label>
      </div>
      {folders.length > 0 && (
        <ul>
          {folders.map((each) => (
            <Choice {...picker} key={each.id} folder={each} />
          ))}
        </ul>
      )}
    </li>
  );
}
