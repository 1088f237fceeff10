/**
 * What changes, for a component.
 *
 * @module
 */

import { useEffect, useRef } from "preact/hooks";
import { listen } from "../api/events.ts";
import type { NodeEvent } from "../api/types.ts";

/**
 * Tells what changes while a component is shown.
 *
 * @param node The node, or several, or undefined to hear nothing; of a folder, everything below it is told.
 * @param onEvent Told of each change.
 * @param onReset Told when changes may have been missed.
 */
export function useEvents(
  node: string | readonly string[] | undefined,
  onEvent: (event: NodeEvent) => void,
  onReset: () => void,
): void {
  const latest = useRef({ onEvent, onReset });
  latest.current = { onEvent, onReset };
  useEffect(() => {
    if (node === undefined) return;
    return listen(node, {
      onEvent: (event) => latest.current.onEvent(event),
      onReset: () => latest.current.onReset(),
    });
  }, [String(node)]);
}
