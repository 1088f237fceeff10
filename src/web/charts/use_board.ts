/**
 * The data of a board, for a component: which series there are, and what grows.
 *
 * @module
 */

import { useEffect, useMemo, useState } from "preact/hooks";
import { listSeries, readPoints } from "../api/em.ts";
import { connection, listen, MAX_HEARD } from "../api/events.ts";
import { rootPath } from "../state/session.ts";
import type { ChartedRun } from "./charted_run.ts";
import { PointsHub } from "./points_hub.ts";
import { SeriesStore } from "./series_store.ts";

/** The data of a board. */
export interface BoardData {
  readonly hub: PointsHub;
  readonly store: SeriesStore;
  /** Rises with each change of the store. */
  readonly version: number;
}

/** Of runs of others that are too many to be heard, those that grow have to be asked for. */
const POLL_MS = 15_000;

/** Fetches the data of a board for as long as it is shown. */
export function useBoard(runs: readonly ChartedRun[]): BoardData {
  const [version, setVersion] = useState(0);
  const { hub, store } = useMemo(() => {
    const isHidden = (): boolean => document.visibilityState === "hidden";
    const onChange = (): void => setVersion((old) => old + 1);
    return {
      hub: new PointsHub({ read: readPoints, isHidden }),
      store: new SeriesStore({ list: listSeries, onChange, isHidden }),
    };
  }, []);
  const ids = runs.map(({ id }) => id);
  const key = ids.join();
  // Of one's own runs everything is told already.
  const heard = ids.slice(0, MAX_HEARD - 1);
  useEffect(() => store.want(ids), [store, key]);
  useEffect(() => {
    const known = new Set(ids);
    const grew = (node: string, type?: string): void => {
      if (!known.has(node)) return;
      store.grew(node);
      hub.grew(node, type);
    };
    const [only] = ids;
    if (only === undefined) return;
    return listen(ids.length === 1 ? only : [rootPath(), ...heard], {
      onEvent: ({ node, kind, type }) => {
        if (kind === "metrics") grew(node, type);
      },
      onReset: () => ids.forEach((id) => grew(id)),
    });
  }, [hub, store, key]);
  const live = runs.slice(heard.length).filter(({ isLive }) => isLive)
    .map(({ id }) => id);
  useEffect(() => {
    if (live.length === 0) return;
    const timer = setInterval(() =>
      live.forEach((id) => {
        store.grew(id);
        hub.grew(id);
      }), POLL_MS);
    return () => clearInterval(timer);
  }, [hub, store, live.join()]);
  useEffect(() => {
    const wake = (): void => {
      store.wake();
      hub.wake();
    };
    document.addEventListener("visibilitychange", wake);
    // What failed while the connection was lost is asked again as soon as it is there.
    const stop = connection.subscribe((state) => {
      if (state !== "open") return;
      hub.retry();
      if (store.error !== undefined) store.retry();
    });
    return () => {
      stop();
      document.removeEventListener("visibilitychange", wake);
      hub.close();
      store.close();
    };
  }, [hub, store]);
  return { hub, store, version };
}
