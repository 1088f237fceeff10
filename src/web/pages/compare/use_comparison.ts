/**
 * The comparison that the address names, kept up to date.
 *
 * @module
 */

import { useEffect, useMemo } from "preact/hooks";
import { listColumns, listRows } from "../../api/em.ts";
import { getNode } from "../../api/nodes.ts";
import { route } from "../../state/route.ts";
import { rootPath } from "../../state/session.ts";
import { useEvents } from "../../state/use_events.ts";
import { useQuery } from "../../state/use_query.ts";
import { runState } from "../../ui/status.tsx";
import { type Comparison, toComparison } from "./comparison.ts";
import { readView } from "./compare_view.ts";
import { RunTable } from "./run_table.ts";

/** However often runs change, they are asked for no more often. */
const REFRESH_MS = 1000;
/** Runs of others, of which no events are heard, are asked for so often while they run. */
const POLL_MS = 10_000;

/** Answers the comparison; its component is drawn anew when it changes. */
export function useComparison(): Comparison {
  const { params } = route.value;
  const table = useMemo(() => new RunTable({ listRows, listColumns }), []);
  const view = useMemo(() => readView(params), [params]);
  const ids = view.ids.join();
  useEffect(() => table.setRuns(view.ids), [table, ids]);
  useEffect(() => () => table.close(), [table]);

  const state = table.state.value;
  const comparison = useMemo(
    () => toComparison(view, table, state),
    [view, table, state],
  );
  useLive(comparison);
  return comparison;
}

function useLive({ table, view, all }: Comparison): void {
  const root = useQuery(rootPath(), (abort) => getNode(rootPath(), abort));
  const refresher = useMemo(() => new Refresher(table), [table]);
  useEffect(() => () => refresher.stop(), [refresher]);
  useEvents(
    root.data?.id,
    ({ node, kind }) => {
      if (kind !== "log" && kind !== "files" && view.ids.includes(node)) {
        refresher.ask(kind === "node" || kind === "status");
      }
    },
    () => refresher.ask(true),
  );
  const isFarRunning = all.some(({ node, run }) =>
    runState(run) === "running" && !node.path.startsWith(`${rootPath()}/`)
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
  #all = false;

  constructor(readonly table: RunTable) {}

  ask(all: boolean): void {
    this.#all ||= all;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#last = performance.now();
      this.table.refresh({ all: this.#all });
      this.#all = false;
    }, Math.max(0, this.#last + REFRESH_MS - performance.now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
