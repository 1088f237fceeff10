/**
 * Moving and scaling a drawing by mouse, touch and keyboard.
 *
 * @module
 */

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Viewport, zoomViewport } from "./viewport.ts";

const PAN_PX = 48;
const ZOOM_STEP = 1.25;
/** Less is a click. */
const LEAST_PX = 5;

/** What a key does to a drawing in a window of some size; undefined for other keys. */
export function keyToViewport(
  key: string,
  view: Viewport,
  window: { readonly width: number; readonly height: number },
): Viewport | undefined {
  const { x, y } = view;
  const middle = { x: window.width / 2, y: window.height / 2 };
  switch (key) {
    case "ArrowLeft":
      return { ...view, x: x + PAN_PX };
    case "ArrowRight":
      return { ...view, x: x - PAN_PX };
    case "ArrowUp":
      return { ...view, y: y + PAN_PX };
    case "ArrowDown":
      return { ...view, y: y - PAN_PX };
    case "+":
    case "=":
      return zoomViewport(view, ZOOM_STEP, middle);
    case "-":
      return zoomViewport(view, 1 / ZOOM_STEP, middle);
    default:
      return undefined;
  }
}

/**
 * Lets an element be moved by dragging, by two fingers, and by the wheel with Ctrl (as touch pads do when fingers spread).
 *
 * @param element The window on the drawing.
 * @param change Changes what is in sight.
 */
export function useViewport(
  element: RefObject<HTMLElement | null>,
  change: (change: (view: Viewport) => Viewport) => void,
): void {
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const gestures = new Gestures(current, (next) => latest.current(next));
    return () => gestures.close();
  }, []);
}

/** The pointers that are down on an element. */
class Gestures {
  readonly #pointers = new Map<number, { x: number; y: number }>();
  readonly #abort = new AbortController();
  #moved = 0;

  constructor(
    readonly element: HTMLElement,
    readonly change: (change: (view: Viewport) => Viewport) => void,
  ) {
    const options = { signal: this.#abort.signal };
    element.addEventListener("pointerdown", this.#down, options);
    element.addEventListener("pointermove", this.#move, options);
    element.addEventListener("pointerup", this.#up, options);
    element.addEventListener("pointercancel", this.#up, options);
    element.addEventListener("click", this.#click, {
      ...options,
      capture: true,
    });
    element.addEventListener("wheel", this.#wheel, {
      ...options,
      passive: false,
    });
  }

  close(): void {
    this.#abort.abort();
  }

  #at(event: MouseEvent): { x: number; y: number } {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    if (this.#pointers.size === 0) this.#moved = 0;
    this.#pointers.set(event.pointerId, this.#at(event));
  };

  readonly #move = (event: PointerEvent): void => {
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = this.#at(event);
    const others = [...this.#pointers].filter(([id]) => id !== event.pointerId);
    this.#pointers.set(event.pointerId, now);
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    this.#moved += Math.abs(dx) + Math.abs(dy);
    if (this.#moved < LEAST_PX) return;
    this.element.setPointerCapture(event.pointerId);
    const other = others[0]?.[1];
    this.change((view) => {
      if (other === undefined) {
        return { ...view, x: view.x + dx, y: view.y + dy };
      }
      const distance = (a: { x: number; y: number }) =>
        Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
      return zoomViewport(view, distance(now) / distance(before), other);
    });
  };

  readonly #up = (event: PointerEvent): void => {
    this.#pointers.delete(event.pointerId);
  };

  /** The end of a drag is no click on what it ended on. */
  readonly #click = (event: MouseEvent): void => {
    if (this.#moved < LEAST_PX || event.detail === 0) return;
    event.preventDefault();
    event.stopPropagation();
  };

  readonly #wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const at = this.#at(event);
    this.change((view) =>
      zoomViewport(view, Math.exp(-event.deltaY / 300), at)
    );
  };
}
