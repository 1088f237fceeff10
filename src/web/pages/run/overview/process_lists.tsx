/**
 * The processes that have recorded a run: one after the other, and side by side.
 *
 * @module
 */

import { Fragment, type JSX } from "preact";
import { useState } from "preact/hooks";
import type { Ranks } from "../../../api/types.ts";
import { formatDuration, formatTime } from "../../../format/time.ts";
import { CHARTS } from "../../../text/charts.ts";
import { COMMON } from "../../../text/common.ts";
import { RUN } from "../../../text/run.ts";
import { Button } from "../../../ui/button.tsx";
import { type Attempt, timeOf } from "./attempts.ts";
import {
  countStates,
  type ProcessState,
  processState,
  rankLines,
} from "./ranks.ts";

/** How many are shown at first. */
const FEW = 6;

const TEXTS: Readonly<Record<ProcessState, () => string>> = {
  running: COMMON.running,
  complete: COMMON.complete,
  error: COMMON.error,
  killed: RUN.killed,
};

/** Shows the attempts at a run, the last one first. */
export function AttemptList(
  { attempts }: { readonly attempts: readonly Attempt[] },
): JSX.Element {
  const hasHosts = isVaried(attempts);
  return (
    <ShortList
      name="attempts"
      lines={attempts.map((
        { attempt, startMs, endMs, status, hostname },
      ) => (
        <li key={attempt}>
          {attempt}. <State state={processState(status)} other={status} />
          <Length startMs={startMs} endMs={endMs} />
          <br />
          <span class="muted">
            <Time ms={startMs ?? null} />
            {hasHosts && <Host name={hostname} />}
          </span>
        </li>
      ))}
    />
  );
}

/** Shows the ranks of a run, those first that failed. */
export function RankList(
  { ranks, isOver }: {
    readonly ranks: Ranks;
    /** Whether the run has ended. */
    readonly isOver: boolean;
  },
): JSX.Element {
  const lines = rankLines(ranks.list, isOver);
  const hasHosts = isVaried(lines);
  return (
    <>
      {isMany(lines) && (
        <p>
          {countStates(lines).map(([state, count], at) => (
            <Fragment key={state}>
              {at > 0 && " · "}
              <span class="numeric">{count}</span> <State state={state} />
            </Fragment>
          ))}
        </p>
      )}
      <ShortList
        name="ranks"
        lines={lines.map((
          { rank, state, status, startTimestamp, endTimestamp, hostname },
        ) => (
          <li key={rank} title={startTimestamp ?? ""}>
            {rank}: <State state={state} other={status} />
            <Length
              startMs={timeOf(startTimestamp)}
              endMs={timeOf(endTimestamp)}
            />
            <span class="muted">
              {hasHosts && <Host name={hostname ?? undefined} />}
            </span>
          </li>
        ))}
      />
      {ranks.total > ranks.list.length && (
        <p class="muted">
          {RUN.moreRanks({ n: ranks.total - ranks.list.length })}
        </p>
      )}
    </>
  );
}

/** Whether there are several hosts, so that each is worth a word. */
function isVaried(
  lines: readonly { readonly hostname?: string | null | undefined }[],
): boolean {
  return new Set(lines.map(({ hostname }) => hostname)).size > 1;
}

function isMany(lines: readonly unknown[]): boolean {
  return lines.length > FEW + 2;
}

function ShortList(
  { name, lines }: {
    readonly name: string;
    readonly lines: readonly JSX.Element[];
  },
): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const isLong = isMany(lines);
  return (
    <>
      <ul class={name}>{isLong && !isOpen ? lines.slice(0, FEW) : lines}</ul>
      {isLong && (
        <Button kind="quiet" onClick={() => setOpen(!isOpen)}>
          {isOpen ? CHARTS.showLess() : CHARTS.showMore({ n: lines.length })}
        </Button>
      )}
    </>
  );
}

function State(
  { state, other = null }: {
    readonly state: ProcessState | undefined;
    /** What is said where it means nothing. */
    readonly other?: string | null;
  },
): JSX.Element {
  if (state === undefined) return <span class="user-text">{other || "–"}</span>;
  return <span class={`process ${state}`}>{TEXTS[state]()}</span>;
}

function Length(
  { startMs, endMs }: {
    readonly startMs: number | undefined;
    readonly endMs: number | undefined;
  },
): JSX.Element | null {
  if (startMs === undefined || endMs === undefined) return null;
  return (
    <span class="numeric">
      {" "}
      · {formatDuration(Math.max(0, endMs - startMs))}
    </span>
  );
}

function Host({ name }: { readonly name: string | undefined }): JSX.Element {
  return (
    <>
      {name && (
        <>
          {" "}
          · <span class="user-text">{name}</span>
        </>
      )}
    </>
  );
}

/** Shows a time. */
export function Time({ ms }: { readonly ms: number | null }): JSX.Element {
  if (ms === null) return <span class="muted">–</span>;
  return <time dateTime={new Date(ms).toISOString()}>{formatTime(ms)}</time>;
}
