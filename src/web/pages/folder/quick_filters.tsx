/**
 * Filters at a press: kinds of nodes, status, labels.
 *
 * @module
 */

import type { JSX } from "preact";
import { setParams } from "../../state/route.ts";
import { COMMON } from "../../text/common.ts";
import { FOLDER } from "../../text/folder.ts";
import { Icon } from "../../ui/icon.tsx";
import { Menu } from "../../ui/menu.tsx";
import type { FolderView } from "./folder_query.ts";

const TYPES = [
  ["Folder", FOLDER.folders],
  ["Run", FOLDER.runs],
  ["Artifact", FOLDER.artifacts],
] as const;
const STATUSES = [
  ["Running", COMMON.running],
  ["Complete", COMMON.complete],
  ["Error", COMMON.error],
] as const;
const MAX_LABELS = 50;

/** Shows everything in the folder again. */
export function clearFilters(): void {
  setParams({ q: "", filter: "", type: "", status: "", label: "" });
}

/** Shows the filters. */
export function QuickFilters({ view, labels }: {
  readonly view: FolderView;
  /** Labels of rows that are known. */
  readonly labels: readonly string[];
}): JSX.Element {
  const others = [...new Set(labels)]
    .filter((label) => !view.labels.includes(label)).sort()
    .slice(0, MAX_LABELS);
  return (
    <div class="quick" role="group" aria-label={FOLDER.quick()}>
      {TYPES.map(([value, text]) => (
        <Toggle
          key={value}
          text={text()}
          isOn={view.types.includes(value)}
          onToggle={() => setParams({ type: toggled(view.types, value) })}
        />
      ))}
      <span class="gap" />
      {STATUSES.map(([value, text]) => (
        <Toggle
          key={value}
          text={text()}
          isOn={view.statuses.includes(value)}
          onToggle={() => setParams({ status: toggled(view.statuses, value) })}
        />
      ))}
      {(others.length > 0 || view.labels.length > 0) && <span class="gap" />}
      {view.labels.map((label) => (
        <button
          type="button"
          key={label}
          class="chip toggle-chip"
          aria-pressed="true"
          title={FOLDER.removeLabel({ label })}
          onClick={() => setParams({ label: toggled(view.labels, label) })}
        >
          <span class="cut user-text">{label}</span>
          <Icon name="close" />
        </button>
      ))}
      {others.length > 0 && (
        <Menu
          label={FOLDER.withLabel()}
          items={others.map((label) => ({
            label,
            onSelect: () => setParams({ label: toggled(view.labels, label) }),
          }))}
        >
          {FOLDER.withLabel()}
        </Menu>
      )}
    </div>
  );
}

function Toggle({ text, isOn, onToggle }: {
  readonly text: string;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="chip toggle-chip"
      aria-pressed={isOn}
      onClick={onToggle}
    >
      {text}
    </button>
  );
}

function toggled(values: readonly string[], value: string): readonly string[] {
  return values.includes(value)
    ? values.filter((each) => each !== value)
    : [...values, value];
}
