/**
 * Editing labels.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ACTIONS } from "../text/actions.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";

/** Shows labels that can be removed, and an input for another one. */
export function LabelEditor(
  { labels, onChange }: {
    readonly labels: readonly string[];
    readonly onChange: (labels: readonly string[]) => void;
  },
): JSX.Element {
  const [draft, setDraft] = useState("");
  const add = (): void => {
    const label = draft.trim();
    setDraft("");
    if (label !== "" && !labels.includes(label)) onChange([...labels, label]);
  };
  return (
    <div class="field">
      <span>{ACTIONS.labels()}</span>
      <div class="label-list">
        {labels.length === 0 && <span class="muted">{ACTIONS.noLabels()}</span>}
        {labels.map((label) => (
          <span key={label} class="chip">
            <span class="cut user-text" title={label}>{label}</span>
            <button
              type="button"
              class="chip-button"
              aria-label={ACTIONS.removeLabel({ label })}
              onClick={() => onChange(labels.filter((each) => each !== label))}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
      </div>
      <div class="label-add">
        <input
          class="input"
          aria-label={ACTIONS.newLabel()}
          placeholder={ACTIONS.newLabel()}
          maxLength={256}
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onBlur={add}
          onKeyDown={(event) => {
            // With nothing typed, Enter is the dialog's.
            if (event.key !== "Enter" || draft.trim() === "") return;
            event.preventDefault();
            add();
          }}
        />
        <Button disabled={draft.trim() === ""} onClick={add}>
          {ACTIONS.addLabel()}
        </Button>
      </div>
    </div>
  );
}
