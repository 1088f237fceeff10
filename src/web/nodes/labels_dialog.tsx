/**
 * The dialog for labels, of one node or of many.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { updateNode } from "../api/nodes.ts";
import type { Node } from "../api/types.ts";
import { ACTIONS } from "../text/actions.ts";
import { COMMON } from "../text/common.ts";
import { Dialog } from "../ui/dialog.tsx";
import { changedLabels, commonLabels } from "./label_change.ts";
import { LabelEditor } from "./label_editor.tsx";
import { withEach } from "./node_actions.ts";

/** Edits the labels that nodes have in common. */
export function LabelsDialog(
  { nodes, onClose }: {
    readonly nodes: readonly Node[];
    readonly onClose: () => void;
  },
): JSX.Element {
  const before = commonLabels(nodes.map(({ labels }) => labels));
  const [labels, setLabels] = useState(before);
  const [first] = nodes;
  return (
    <Dialog
      title={nodes.length === 1 && first
        ? first.name
        : ACTIONS.labelsMany({ n: nodes.length })}
      submit={COMMON.save()}
      onClose={onClose}
      onSubmit={async () => {
        await withEach(nodes, (node) =>
          updateNode(node.id, {
            labels: changedLabels(node.labels, before, labels),
          }));
      }}
    >
      {nodes.length > 1 && <p class="muted">{ACTIONS.labelsManyHint()}</p>}
      <LabelEditor labels={labels} onChange={setLabels} />
    </Dialog>
  );
}
