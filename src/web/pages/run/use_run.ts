/**
 * What the pages of a run ask.
 *
 * @module
 */

import { useEffect, useState } from "preact/hooks";
import { listRows } from "../../api/em.ts";
import type { Node, RunFacts } from "../../api/types.ts";
import { type Query, useQuery } from "../../state/use_query.ts";
import { runState } from "../../ui/status.tsx";
import { useChanges } from "../../state/use_changes.ts";

/** What is known of a run, as it changes. */
export function useRun(node: Node): Query<RunFacts | null> {
  const run = useQuery(node.id, async (abort) => {
    const { data } = await listRows({ node: [node.id] }, abort);
    return data[0]?.run ?? null;
  });
  useChanges(
    node.id,
    ["status", "metrics", "log", "hyperparameters", "environment", "files"],
    run.reload,
  );
  return run;
}

/** Whether a run may still grow. */
export function isLive(run: RunFacts | null | undefined): boolean {
  return runState(run ?? null) === "running";
}

/** The time, again each second while it is of interest. */
export function useNow(isOfInterest: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!isOfInterest) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isOfInterest]);
  return now;
}
