/**
 * A chart below fingers: two stretch it, one pulls it along where a part is shown and points where all is; a double tap shows
 * all again. What moves up or down scrolls the page, which `touch-action` leaves to the browser.
 *
 * @module
 */

import type { Extent, Scale } from "./scale.ts";
import { type Grip, moveGrip } from "./zoom.ts";

/** What fingers do it to. */
export interface TouchedPlot {
  /** The part that is shown. */
  readonly part: () => Scale;
  /** The whole axis; undefined where it is not known. */
  readonly whole: () => Extent | undefined;
  readonly isZoomed: () => boolean;
  /** Shows a part until the fingers let go. */
  readonly onMove: (part: Extent) => void;
  /** They let go of what they have moved; undefined for all of the axis. */
  readonly onChosen: (part: Extent | undefined) => void;
  readonly onReset: () => void;
  /** One points somewhere, in pixels of the plot. */
  readonly onPoint: (left: number, top: number) => void;
}

/** Less is no movement but a trembling finger. */
const STILL_PX = 8;
const DOUBLE_TAP_MS = 350;
const DOUBLE_TAP_PX = 40;

/** What a touch is, once that is known: `still` may become anything, `page` is the browser's. */
type Gesture = "still" | "page" | "point" | "move";

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Follows the fingers on an element, from its left to its right edge. */
export function followTouches(
  element: HTMLElement,
  plot: TouchedPlot,
): void {
  let gesture: Gesture = "still";
  let start: Place = { x: 0, y: 0 };
  let grip: Grip | undefined;
  let moved: { readonly part: Extent | undefined } | undefined;
  let lastTap: (Place & { readonly time: number }) | undefined;

  const parts = ({ targetTouches }: TouchEvent): number[] => {
    const { left, width } = element.getBoundingClientRect();
    return [...targetTouches].slice(0, 2)
      .map(({ clientX }) => (clientX - left) / width);
  };
  /** Holds what is shown now below the fingers as they are now. */
  const take = (event: TouchEvent): void => {
    const whole = plot.whole();
    const shown = plot.part();
    const part = moved && { ...shown, ...(moved.part ?? whole) };
    grip = { part: part ?? shown, at: parts(event) };
  };

  const onStart = (event: TouchEvent): void => {
    const [touch] = event.targetTouches;
    if (event.targetTouches.length > 1) {
      lastTap = undefined;
      gesture = "move";
      event.preventDefault();
    } else if (touch !== undefined) {
      gesture = "still";
      moved = undefined;
      start = { x: touch.clientX, y: touch.clientY };
    }
    take(event);
  };
  const onMove = (event: TouchEvent): void => {
    const [touch] = event.targetTouches;
    if (touch === undefined || grip === undefined) return;
    const x = Math.abs(touch.clientX - start.x);
    const y = Math.abs(touch.clientY - start.y);
    if (gesture === "still" && Math.max(x, y) >= STILL_PX) {
      gesture = y > x ? "page" : plot.isZoomed() ? "move" : "point";
    }
    if (gesture === "still" || gesture === "page") return;
    if (event.cancelable) event.preventDefault();
    if (gesture === "point") {
      const { left, top } = element.getBoundingClientRect();
      return plot.onPoint(touch.clientX - left, touch.clientY - top);
    }
    const whole = plot.whole();
    if (whole === undefined) return;
    moved = { part: moveGrip(grip, parts(event), whole) };
    plot.onMove(moved.part ?? whole);
  };
  const onEnd = (event: TouchEvent): void => {
    if (event.targetTouches.length > 0) return take(event);
    if (moved !== undefined) plot.onChosen(moved.part);
    moved = undefined;
    if (gesture !== "still" || event.type === "touchcancel") {
      lastTap = undefined;
      return;
    }
    const tap = { ...start, time: event.timeStamp };
    const isDouble = lastTap !== undefined &&
      tap.time - lastTap.time < DOUBLE_TAP_MS &&
      Math.hypot(tap.x - lastTap.x, tap.y - lastTap.y) < DOUBLE_TAP_PX;
    lastTap = isDouble ? undefined : tap;
    if (!isDouble) return;
    event.preventDefault();
    plot.onReset();
  };
  const options = { passive: false };
  element.addEventListener("touchstart", onStart, options);
  element.addEventListener("touchmove", onMove, options);
  element.addEventListener("touchend", onEnd, options);
  element.addEventListener("touchcancel", onEnd, options);
}
