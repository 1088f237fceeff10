/**
 * What changes of a node, not too often.
 *
 * @module
 */

import { useEffect, useRef } from "preact/hooks";
import { listen } from "../api/events.ts";
import type { NodeEvent } from "../api/types.ts";
import { coalesced } from "./coalesced.ts";

const PAUSE_MS = 1000;

/**
 * Tells that something of a node has changed, at most once a second unless told otherwise.
 *
 * @param node The node's id.
 * @param kinds What is of interest.
 * @param onChange Told of it; also when changes may have been missed.
 * @param more Which changes of those kinds are of interest (default: all), and the least time between two calls.
 */
export function useChanges(
  node: string,
  kinds: readonly NodeEvent["kind"][],
  onChange: () => void,
  more: {
    readonly wants?: (event: NodeEvent) => boolean;
    readonly pauseMs?: number;
  } = {},
): void {
  const { wants = () => true, pauseMs = PAUSE_MS } = more;
  const latest = useRef({ onChange, wants });
  latest.current = { onChange, wants };
  useEffect(() => {
    const { poke, cancel } = coalesced(
      () => latest.current.onChange(),
      pauseMs,
    );
    const end = listen(node, {
      onEvent(event) {
        const isOurs = event.node === node && kinds.includes(event.kind);
        if (isOurs && latest.current.wants(event)) poke();
      },
      onReset: poke,
    });
    return () => {
      end();
      cancel();
    };
  }, [node, kinds.join(), pauseMs]);
}
