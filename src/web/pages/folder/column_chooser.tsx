/**
 * The choice of columns.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { FOLDER } from "../../text/folder.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import {
  type ChosenColumn,
  columnTitle,
  isField,
  MAX_COLUMNS,
  metricColumn,
  moveColumn,
  type Stat,
  STATS,
} from "./column_list.ts";
import {
  type ColumnGroup,
  type ColumnOption,
  groupsOf,
} from "./column_groups.ts";
import type { ColumnChoice } from "./use_columns.ts";

/** So many columns of a group are listed; the others are found by searching. */
const MAX_LISTED = 100;

/** Shows the columns that are shown and those that can be; each change holds at once. */
export function ColumnChooser({ choice, onClose }: {
  readonly choice: ColumnChoice;
  readonly onClose: () => void;
}): JSX.Element {
  const [search, setSearch] = useState("");
  const { columns, catalogue, set, reset, isChosen } = choice;
  const groups = groupsOf(catalogue, search);
  const shown = new Set(columns.map(({ id }) => id));
  const toggle = (id: string): void =>
    set(
      shown.has(id)
        ? columns.filter((each) => each.id !== id)
        : [...columns, { id }].slice(0, MAX_COLUMNS),
    );
  return (
    <Dialog title={FOLDER.columns()} wide onClose={onClose}>
      <div class="chooser">
        <section>
          <div class="chooser-head">
            <h3>{FOLDER.shown()}</h3>
            <Button kind="quiet" disabled={!isChosen} onClick={reset}>
              {FOLDER.columnReset()}
            </Button>
          </div>
          <ol>
            {columns.map((column, at) => (
              <Shown
                key={column.id}
                column={column}
                onRemove={() => toggle(column.id)}
                onMove={(step) => {
                  const other = columns[at + step];
                  if (other) set(moveColumn(columns, column.id, other.id));
                }}
              />
            ))}
          </ol>
        </section>
        <section>
          <input
            type="search"
            class="input"
            aria-label={FOLDER.chooserSearch()}
            placeholder={FOLDER.chooserSearch()}
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") event.preventDefault();
            }}
          />
          {catalogue?.complete === false && (
            <p class="muted">{FOLDER.someRuns()}</p>
          )}
          {groups.length === 0 && <p class="muted">{FOLDER.columnNone()}</p>}
          {groups.map((group) => (
            <Group
              key={group.kind}
              group={group}
              shown={shown}
              onToggle={toggle}
            />
          ))}
        </section>
      </div>
    </Dialog>
  );
}

function Shown({ column, onRemove, onMove }: {
  readonly column: ChosenColumn;
  readonly onRemove: () => void;
  readonly onMove: (step: number) => void;
}): JSX.Element {
  const name = titleOf(column.id);
  return (
    <li>
      <span class="cut user-text" title={name}>{name}</span>
      <Button
        kind="quiet"
        icon="down"
        label={FOLDER.columnUp({ name })}
        onClick={() => onMove(-1)}
      />
      <Button
        kind="quiet"
        icon="down"
        label={FOLDER.columnDown({ name })}
        onClick={() => onMove(1)}
      />
      <Button
        kind="quiet"
        icon="close"
        label={FOLDER.columnRemove({ name })}
        onClick={onRemove}
      />
    </li>
  );
}

function Group({ group, shown, onToggle }: {
  readonly group: ColumnGroup;
  readonly shown: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}): JSX.Element {
  const { kind, options } = group;
  const rest = options.length - MAX_LISTED;
  return (
    <fieldset>
      <legend>{FOLDER[kind]()}</legend>
      {options.slice(0, MAX_LISTED).map((option) => (
        option.metric === undefined
          ? <Tick key={option.id} option={option} {...{ shown, onToggle }} />
          : (
            <MetricTicks
              key={option.id}
              name={option.metric}
              {...{ shown, onToggle }}
            />
          )
      ))}
      {rest > 0 && <p class="muted">{FOLDER.columnMore({ n: rest })}</p>}
    </fieldset>
  );
}

interface TickProps {
  readonly shown: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}

function Tick({ option, shown, onToggle }: TickProps & {
  readonly option: ColumnOption;
}): JSX.Element {
  return (
    <label class="tick">
      <input
        type="checkbox"
        checked={shown.has(option.id)}
        onChange={() => onToggle(option.id)}
      />
      <span class="cut user-text">{titleOf(option.id)}</span>
      <span class="cut muted user-text">{option.hint}</span>
    </label>
  );
}

/** A metric has a column for each statistic. */
function MetricTicks({ name, shown, onToggle }: TickProps & {
  readonly name: string;
}): JSX.Element {
  const [isAll, setAll] = useState(false);
  const listed = STATS.filter((stat, i) =>
    isAll || i < 4 || shown.has(metricColumn(name, stat))
  );
  return (
    <div
      class="tick metric"
      role="group"
      aria-label={FOLDER.statistic({ name })}
    >
      <span class="cut user-text" title={name}>{name}</span>
      {listed.map((stat) => (
        <button
          type="button"
          key={stat}
          class="chip toggle-chip"
          aria-pressed={shown.has(metricColumn(name, stat))}
          onClick={() => onToggle(metricColumn(name, stat))}
        >
          {statText(stat)}
        </button>
      ))}
      {!isAll && (
        <button
          type="button"
          class="chip toggle-chip"
          aria-label={FOLDER.moreStatistics({ name })}
          onClick={() => setAll(true)}
        >
          …
        </button>
      )}
    </div>
  );
}

function statText(stat: Stat): string {
  return stat === "count" ? FOLDER.statCount() : FOLDER[stat]();
}

function titleOf(id: string): string {
  return isField(id) ? FOLDER[id]() : columnTitle(id);
}
