/**
 * What stands in the cells of a folder's table.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node, Row, RunFacts, Scalar } from "../../api/types.ts";
import { formatScalar } from "../../format/number.ts";
import { formatDuration } from "../../format/time.ts";
import { NodeMenu } from "../../nodes/node_menu.tsx";
import { hrefOf } from "../../nodes/shortcut.ts";
import { parentPath } from "../../nodes/allowed.ts";
import { picked } from "../../state/picked.ts";
import { FOLDER } from "../../text/folder.ts";
import { halfMinute, second } from "../../ui/clock.ts";
import { Icon, iconOf } from "../../ui/icon.tsx";
import { Ago, Chips } from "../../ui/small.tsx";
import { runState, Status } from "../../ui/status.tsx";
import type { Field } from "./column_list.ts";

/** The tick of all rows. */
export function HeaderCheck({ count, total, onToggle }: {
  /** How many are ticked, and how many there are. */
  readonly count: number;
  readonly total: number;
  readonly onToggle: () => void;
}): JSX.Element {
  return (
    <input
      type="checkbox"
      class="check"
      aria-label={FOLDER.selectAll()}
      title={FOLDER.selectAll()}
      checked={count > 0 && count >= total}
      indeterminate={count > 0 && count < total}
      onClick={(event) => {
        event.preventDefault();
        onToggle();
      }}
    />
  );
}

/** The tick, the name and the menu of a row. */
export function NameCell({ row, onToggle }: {
  readonly row: Row;
  readonly onToggle: (isRange: boolean) => void;
}): JSX.Element {
  const { node } = row;
  return (
    <>
      <input
        type="checkbox"
        class="check"
        aria-label={FOLDER.select({ name: node.name })}
        checked={picked.value.has(node.id)}
        onClick={(event) => onToggle(event.shiftKey)}
      />
      <Icon name={iconOf(node.type)} />
      <a class="cut user-text" href={hrefOf(node)} title={node.name}>
        {node.name}
      </a>
      <NodeMenu node={node} />
    </>
  );
}

/** A value that the server answered. */
export function ValueCell({ value, isRun, isBest }: {
  readonly value: Scalar | undefined;
  /** What is no run has no values that could be missing. */
  readonly isRun: boolean;
  readonly isBest: boolean;
}): JSX.Element {
  if (value === null || value === undefined) return <Nothing isRun={isRun} />;
  const isWeird = value === "NaN" || value === "Infinity" ||
    value === "-Infinity";
  return (
    <span
      class={`cut user-text ${isBest ? "best" : ""} ${isWeird ? "weird" : ""}`}
      title={isBest ? `${value} · ${FOLDER.best()}` : String(value)}
    >
      {formatScalar(value)}
    </span>
  );
}

/** What is known of a node and its run. */
export function FieldCell({ field, node, run }: {
  readonly field: Field;
  readonly node: Node;
  readonly run: RunFacts | null;
}): JSX.Element {
  switch (field) {
    case "type":
      return <span class="cut">{node.type}</span>;
    case "status":
      return <LiveStatus run={run} />;
    case "labels":
      return <Labels labels={node.labels} />;
    case "path":
      return <TextCell text={parentPath(node.path) ?? ""} />;
    case "description":
      return <TextCell text={node.description} />;
    case "editor":
      return <TextCell text={node.editor} />;
    case "modified":
      return <TimeCell ms={Date.parse(node.modifiedTimestamp)} />;
    case "started":
      return <TimeCell ms={run?.started} />;
    case "ended":
      return <TimeCell ms={run?.ended} />;
    case "arrived":
      return <TimeCell ms={run?.arrived} />;
    case "duration":
      return <Duration run={run} />;
  }
}

/** A run falls silent while one looks at it. */
function LiveStatus({ run }: { readonly run: RunFacts | null }): JSX.Element {
  return runState(run, halfMinute.value) === "none"
    ? <Nothing isRun={run !== null} />
    : <Status run={run} />;
}

/** How long a run took, or has been running. */
function Duration({ run }: { readonly run: RunFacts | null }): JSX.Element {
  const { started = null, ended = null, arrived = null } = run ?? {};
  if (started === null) return <Nothing isRun={run !== null} />;
  const isRunning = ended === null && runState(run) === "running";
  const end = isRunning ? Math.max(second.value, started) : ended ?? arrived;
  if (end === null || end < started) return <Nothing isRun />;
  // What is still counting is counted in whole seconds.
  const ms = isRunning
    ? Math.floor((end - started) / 1000) * 1000
    : end - started;
  return <span class="cut numeric">{formatDuration(ms)}</span>;
}

const SHOWN_LABELS = 3;

function Labels(
  { labels }: { readonly labels: readonly string[] },
): JSX.Element {
  if (labels.length === 0) return <Nothing />;
  const rest = labels.slice(SHOWN_LABELS);
  return (
    <>
      <Chips labels={labels.slice(0, SHOWN_LABELS)} />
      {rest.length > 0 && (
        <span
          class="muted"
          title={FOLDER.moreLabels({
            n: rest.length,
            labels: rest.join(", "),
          })}
        >
          +{rest.length}
        </span>
      )}
    </>
  );
}

/** The longest text of a cell. */
const MAX_TEXT = 300;

function TextCell({ text }: { readonly text: string }): JSX.Element {
  if (text === "") return <Nothing />;
  const cut = text.slice(0, MAX_TEXT);
  return <span class="cut user-text" title={cut}>{cut}</span>;
}

function TimeCell(
  { ms }: { readonly ms: number | null | undefined },
): JSX.Element {
  return ms === null || ms === undefined || Number.isNaN(ms)
    ? <Nothing />
    : <Ago ms={ms} />;
}

/** Says that a run has no such value; elsewhere, nothing. */
function Nothing(
  { isRun = false }: { readonly isRun?: boolean },
): JSX.Element | null {
  return isRun ? <span class="muted">–</span> : null;
}
