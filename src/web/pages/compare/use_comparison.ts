/**
 * The comparison that the address names, kept up to date.
 *
 * @module
 */

import { useEffect, useMemo } from "preact/hooks";
import { listColumns, listRows } from "../../api/em.ts";
import { MAX_HEARD } from "../../api/events.ts";
import { route } from "../../state/route.ts";
import { rootPath } from "../../state/session.ts";
import { useEvents } from "../../state/use_events.ts";
import { runState } from "../../ui/status.tsx";
import { comparedRuns, type Comparison } from "./comparison.ts";
import { readView } from "./compare_view.ts";
import { RunTable } from "./run_table.ts";

/** However often runs change, they are asked for no more often. */
const REFRESH_MS = 1000;
/** Runs of others that are too many to be heard are asked for so often while they run. */
const POLL_MS = 10_000;

/** Answers the comparison; its component is drawn anew when it changes. */
export function useComparison(): Comparison {
  const { params } = route.value;
  const table = useMemo(() => new RunTable({ listRows, listColumns }), []);
  const named = JSON.stringify(
    [params.getAll("run"), params.get("hide"), params.get("base")],
  );
  const view = useMemo(() => readView(params), [named]);
  const ids = view.ids.join();
  useEffect(() => table.setRuns(view.ids), [table, ids]);
  useEffect(() => () => table.close(), [table]);

  const state = table.state.value;
  const { rowsTurn } = state;
  const gone = state.gone.join();
  const all = useMemo(
    () => comparedRuns(view, state),
    [view, rowsTurn, gone],
  );
  const runs = useMemo(() => all.filter(({ isHidden }) => !isHidden), [all]);
  const baseline = all.find(({ isBaseline }) => isBaseline);
  const comparison = { view, table, state, all, runs, baseline };
  useLive(comparison);
  return comparison;
}

function useLive({ table, view, all }: Comparison): void {
  const refresher = useMemo(() => new Refresher(table), [table]);
  useEffect(() => () => refresher.stop(), [refresher]);
  const heard = view.ids.slice(0, MAX_HEARD - 1);
  useEvents(
    heard.length === 0 ? undefined : [rootPath(), ...heard],
    ({ node, kind }) => {
      if (kind !== "log" && kind !== "files" && view.ids.includes(node)) {
        refresher.ask(kind === "node");
      }
    },
    () => refresher.ask(true),
  );
  const isFarRunning = all.some(({ node, run }) =>
    runState(run) === "running" && !heard.includes(node.id) &&
    !node.path.startsWith(`${rootPath()}/`)
  );
  useEffect(() => {
    if (!isFarRunning) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") refresher.ask(false);
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [isFarRunning, refresher]);
}

/** Makes one question of many changes. */
class Refresher {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;
  #nodes = false;

  constructor(readonly table: RunTable) {}

  /** Asks soon; also for the nodes themselves. */
  ask(nodes: boolean): void {
    this.#nodes ||= nodes;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#last = performance.now();
      this.table.refresh({ nodes: this.#nodes });
      this.#nodes = false;
    }, Math.max(0, this.#last + REFRESH_MS - performance.now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
