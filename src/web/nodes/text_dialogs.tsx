/**
 * Dialogs that ask for a text: a new folder, another name, a description.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { createNode, updateNode } from "../api/nodes.ts";
import type { Node } from "../api/types.ts";
import { treeChanged } from "../state/current.ts";
import { ACTIONS } from "../text/actions.ts";
import { COMMON } from "../text/common.ts";
import { Dialog } from "../ui/dialog.tsx";
import { LabelEditor } from "./label_editor.tsx";
import { inWords } from "./node_actions.ts";

/** Asks for the name and the labels of a new folder. */
export function NewFolderDialog(
  { parent, onClose }: { readonly parent: Node; readonly onClose: () => void },
): JSX.Element {
  const [name, setName] = useState("");
  const [labels, setLabels] = useState<readonly string[]>([]);
  return (
    <Dialog
      title={ACTIONS.newFolder()}
      submit={ACTIONS.create()}
      disabled={name.trim() === ""}
      onClose={onClose}
      onSubmit={async () => {
        const type = "Folder" as const;
        const node = { parent: parent.id, name: name.trim(), type, labels };
        await inWords(createNode(node));
        treeChanged();
      }}
    >
      <NameInput value={name} onChange={setName} />
      <LabelEditor labels={labels} onChange={setLabels} />
    </Dialog>
  );
}

/** Asks for another name. */
export function RenameDialog(
  { node, onClose }: { readonly node: Node; readonly onClose: () => void },
): JSX.Element {
  const [name, setName] = useState(node.name);
  return (
    <Dialog
      title={ACTIONS.renameTitle({ name: node.name })}
      submit={ACTIONS.rename()}
      disabled={name.trim() === "" || name === node.name}
      onClose={onClose}
      onSubmit={async () => {
        await inWords(updateNode(node.id, { name: name.trim() }));
        treeChanged();
      }}
    >
      <NameInput value={name} onChange={setName} />
    </Dialog>
  );
}

/** Asks for a description. */
export function DescriptionDialog(
  { node, onClose }: { readonly node: Node; readonly onClose: () => void },
): JSX.Element {
  const [description, setDescription] = useState(node.description);
  return (
    <Dialog
      title={node.name}
      submit={COMMON.save()}
      wide
      onClose={onClose}
      onSubmit={async () => {
        await inWords(updateNode(node.id, { description }));
        treeChanged();
      }}
    >
      <label class="field">
        <span>{ACTIONS.description()}</span>
        <textarea
          class="input"
          rows={8}
          value={description}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
      </label>
    </Dialog>
  );
}

function NameInput(
  { value, onChange }: {
    readonly value: string;
    readonly onChange: (value: string) => void;
  },
): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  return (
    <label class="field">
      <span>{ACTIONS.name()}</span>
      <input
        ref={input}
        class="input"
        maxLength={255}
        required
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
