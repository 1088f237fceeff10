/**
 * Dragging along an axis.
 *
 * @module
 */

import { useRef, useState } from "preact/hooks";

/** A drag along an axis. */
export interface AxisDrag {
  /** The part of the axis that is dragged over now, from its lower to its upper end. */
  readonly range: readonly [number, number] | undefined;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerCancel: () => void;
  };
}

/** Less is a click. */
const LEAST_PX = 4;

/**
 * Follows a pointer along an axis.
 *
 * @param options The part of the axis at a height in the drawing, and who is told from where to where was dragged; a click is
 *   from a place to itself.
 * @returns How the drag stands, and what the axis listens to.
 */
export function useAxisDrag(
  { atY, onEnd }: {
    readonly atY: (y: number) => number;
    readonly onEnd: (from: number, to: number) => void;
  },
): AxisDrag {
  const start = useRef<number | undefined>(undefined);
  const [range, setRange] = useState<readonly [number, number]>();
  const yOf = (event: PointerEvent): number => {
    const target = event.currentTarget as SVGElement;
    const { top = 0 } = target.ownerSVGElement?.getBoundingClientRect() ?? {};
    return event.clientY - top;
  };
  const stop = (): void => {
    start.current = undefined;
    setRange(undefined);
  };
  return {
    range,
    handlers: {
      onPointerDown(event) {
        (event.currentTarget as Element).setPointerCapture(event.pointerId);
        start.current = yOf(event);
      },
      onPointerMove(event) {
        if (start.current === undefined) return;
        const [a, b] = [atY(start.current), atY(yOf(event))];
        setRange([Math.min(a, b), Math.max(a, b)]);
      },
      onPointerUp(event) {
        if (start.current === undefined) return;
        const from = start.current;
        const to = yOf(event);
        stop();
        if (Math.abs(to - from) < LEAST_PX) onEnd(atY(from), atY(from));
        else onEnd(atY(from), atY(to));
      },
      onPointerCancel: stop,
    },
  };
}
