/**
 * Dragging something to the side by a button, which is a button all the same.
 *
 * @module
 */

import { useRef, useState } from "preact/hooks";

/** A drag to the side. */
export interface SideDrag {
  /** How far it is now. */
  readonly by: number;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onClickCapture: (event: Event) => void;
  };
}

/** Less is a click. */
const LEAST_PX = 6;

/**
 * Follows a pointer to the side, wherever it goes.
 *
 * @param onEnd Told how far was dragged.
 * @returns How the drag stands, and what the element listens to.
 */
export function useSideDrag(onEnd: (moved: number) => void): SideDrag {
  const [by, setBy] = useState(0);
  const wasDragged = useRef(false);
  const latest = useRef(onEnd);
  latest.current = onEnd;
  return {
    by,
    handlers: {
      onPointerDown(down) {
        wasDragged.current = false;
        const abort = new AbortController();
        const { signal } = abort;
        const isOurs = (event: PointerEvent): boolean =>
          event.pointerId === down.pointerId;
        const stop = (): void => {
          abort.abort();
          setBy(0);
        };
        addEventListener("pointermove", (event) => {
          const moved = event.clientX - down.clientX;
          if (!isOurs(event)) return;
          wasDragged.current ||= Math.abs(moved) >= LEAST_PX;
          if (wasDragged.current) setBy(moved);
        }, { signal });
        addEventListener("pointerup", (event) => {
          if (!isOurs(event)) return;
          stop();
          if (wasDragged.current) latest.current(event.clientX - down.clientX);
        }, { signal });
        addEventListener("pointercancel", (event) => {
          if (isOurs(event)) stop();
        }, { signal });
      },
      onClickCapture(event) {
        if (!wasDragged.current) return;
        wasDragged.current = false;
        event.stopPropagation();
      },
    },
  };
}
