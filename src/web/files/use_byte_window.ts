/**
 * A sliding part of an object, for a component.
 *
 * @module
 */

import { useEffect, useMemo, useState } from "preact/hooks";
import { readRange } from "../api/objects.ts";
import type { Node } from "../api/types.ts";
import { ByteWindow, type Part } from "./byte_window.ts";

/** What is at hand, and what moves it. */
export interface WindowState {
  readonly window: ByteWindow;
  readonly part: Part;
  readonly error: Error | undefined;
}

/** Which object. */
export interface WindowedObject {
  readonly key: string;
  readonly size: number;
  /** What tells it from another one under the same key. */
  readonly version: string;
  /** How much is read at once. */
  readonly stepBytes?: number;
}

/**
 * Slides over an object.
 *
 * @param node The node that it belongs to.
 * @param object Which object.
 * @param at Which part is read first: the beginning, the end, or that around a byte.
 * @returns What is at hand.
 */
export function useByteWindow(
  node: Node,
  object: WindowedObject,
  at: "start" | "end" | number,
): WindowState {
  const { key, size, version, stepBytes } = object;
  const [part, setPart] = useState<Part>();
  const [error, setError] = useState<Error>();
  const window = useMemo(
    () =>
      new ByteWindow({
        read: (range, signal) => readRange(node, key, range, signal),
        size,
        onChange: setPart,
        onError: setError,
        ...(stepBytes === undefined ? {} : { stepBytes }),
      }),
    [node.id, node.path, key, version],
  );
  useEffect(() => {
    setPart(undefined);
    setError(undefined);
    if (at === "end") window.openEnd();
    else window.openAt(at === "start" ? 0 : at);
    return () => window.close();
  }, [window]);
  return { window, part: part ?? window.part, error };
}
