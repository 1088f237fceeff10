/**
 * Scrolling through lines that come, go and change while they are looked at.
 *
 * @module
 */

import type { RefObject } from "preact";
import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
} from "preact/hooks";
import {
  type Anchor,
  anchorAt,
  blockAt,
  layOut,
  type Placed,
  topOf,
} from "./block_layout.ts";
import type { Part } from "./byte_window.ts";
import type { Block } from "./lines.ts";

/** Lines that are scrolled through. */
export interface ScrolledLines {
  readonly part: Part;
  /** Whether long lines go on below. */
  readonly wrap: boolean;
  /** Whether the last line stays in sight. */
  readonly follow?: boolean;
  /** A byte of the object whose line is shown, each time that this becomes another object. */
  readonly target?: { readonly offset: number } | undefined;
  /** Told that the first or the last line at hand comes into sight. */
  readonly onTop?: () => void;
  readonly onBottom?: () => void;
  /** Told of each scrolling that a person does, with how far the end is. */
  readonly onScroll?: (toEnd: number) => void;
}

/** What is drawn, and where. */
export interface LineScroll {
  /** The height of all. */
  readonly height: number;
  /** The first and the last block that is drawn. */
  readonly first: number;
  readonly last: number;
  /** Where the first one is. */
  readonly top: number;
  readonly onScroll: () => void;
  /** Asks for more where an edge is in sight. */
  readonly look: () => void;
}

/** As the style sheet has it. */
const LINE_HEIGHT = 20;
const AROUND = 600;
/** So near to the first or last line, more is asked for. */
const NEAR = 400;
/** Beyond so much, more is read only when a person scrolls to an edge. */
const ENOUGH_BYTES = 1024 * 1024;

/**
 * Draws what is in sight, and keeps what is looked at in its place.
 *
 * @param box What scrolls.
 * @param blocks The lines at hand.
 * @param lines What they are of.
 * @returns What is drawn.
 */
export function useLineScroll(
  box: RefObject<HTMLElement | null>,
  blocks: readonly Block[],
  lines: ScrolledLines,
): LineScroll {
  const { part, wrap, follow = false, target } = lines;
  const measured = useRef(new Map<number, number>());
  const anchor = useRef<Anchor | undefined>(undefined);
  const scrolledTo = useRef(0);
  const reached = useRef<typeof target>(undefined);
  const [, redraw] = useReducer((turn: number) => turn + 1, 0);
  useMemo(() => {
    measured.current.clear();
    anchor.current = undefined;
  }, [part.generation, wrap]);
  const { places, height } = layOut(blocks, measured.current, LINE_HEIGHT);

  const note = (element: HTMLElement, places: readonly Placed[]): void => {
    scrolledTo.current = element.scrollTop;
    anchor.current = anchorAt(blocks, places, element.scrollTop);
  };
  const look = (): void => {
    const element = box.current;
    if (element === null || part.bytes.length === 0) return;
    if (element.scrollTop < NEAR) lines.onTop?.();
    if (toEnd(element) < NEAR) lines.onBottom?.();
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const isMeasured = measure(element, measured.current);
    const { places, height } = layOut(blocks, measured.current, LINE_HEIGHT);
    let top: number | undefined;
    if (target !== reached.current && isIn(part, target)) {
      const offset = target.offset - part.from;
      const found = targetTop(element, { blocks, places, offset });
      if (found.isThere) reached.current = target;
      top = found.top;
    } else if (follow) top = height;
    else if (anchor.current) top = topOf(blocks, places, anchor.current);
    const isMoved = top !== undefined && scrollTo(element, top, height);
    note(element, places);
    if (isMeasured || isMoved) redraw(0);
    // What lies at an edge is asked for once all is in its place.
    else if (part.bytes.length < ENOUGH_BYTES) look();
  });
  useResize(box, (isWider) => {
    if (isWider) measured.current.clear();
    redraw(0);
  });

  const top = follow ? height : scrolledTo.current;
  const viewHeight = box.current?.clientHeight ?? 800;
  const first = blockAt(places, Math.min(top, height - viewHeight) - AROUND);
  return {
    height,
    first,
    last: blockAt(places, top + viewHeight + AROUND),
    top: places[first]?.top ?? 0,
    look,
    onScroll() {
      const element = box.current;
      if (element === null || element.scrollTop === scrolledTo.current) return;
      note(element, places);
      look();
      lines.onScroll?.(toEnd(element));
      redraw(0);
    },
  };
}

/** Where the line is that was looked for, or the block that it is in as long as that is not drawn. */
function targetTop(
  element: HTMLElement,
  { blocks, places, offset }: {
    readonly blocks: readonly Block[];
    readonly places: readonly Placed[];
    /** Where it begins among the bytes at hand. */
    readonly offset: number;
  },
): { readonly top: number | undefined; readonly isThere: boolean } {
  const line = element.querySelector<HTMLElement>(".text-line.current");
  if (line !== null) {
    const below = line.getBoundingClientRect().top -
      element.getBoundingClientRect().top;
    const top = element.scrollTop + below - element.clientHeight / 3;
    return { top, isThere: true };
  }
  const index = blocks.findLastIndex(({ lines }) =>
    (lines[0]?.start ?? 0) <= offset
  );
  const key = blocks[index]?.key;
  const isThere = element.querySelector(`[data-block="${key}"]`) !== null;
  return { top: places[index]?.top, isThere };
}

/** Measures what is drawn; whether anything is higher or lower than was known. */
function measure(element: HTMLElement, measured: Map<number, number>): boolean {
  let isOther = false;
  for (const child of element.querySelectorAll<HTMLElement>("[data-block]")) {
    const key = Number(child.dataset["block"]);
    if (measured.get(key) === child.offsetHeight) continue;
    measured.set(key, child.offsetHeight);
    isOther = true;
  }
  return isOther;
}

/** Scrolls, once all has its height; whether that changed anything. */
function scrollTo(element: HTMLElement, top: number, height: number): boolean {
  const before = element.scrollTop;
  if (Math.abs(top - before) < 1) return false;
  const space = element.querySelector<HTMLElement>(".line-space");
  if (space !== null) space.style.height = `${height}px`;
  element.scrollTop = top;
  return element.scrollTop !== before;
}

function useResize(
  box: RefObject<HTMLElement | null>,
  onResize: (isWider: boolean) => void,
): void {
  const latest = useRef(onResize);
  latest.current = onResize;
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let { clientWidth, clientHeight } = element;
    const observer = new ResizeObserver(() => {
      const isWider = element.clientWidth !== clientWidth;
      if (!isWider && element.clientHeight === clientHeight) return;
      ({ clientWidth, clientHeight } = element);
      latest.current(isWider);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
}

function toEnd(element: HTMLElement): number {
  return element.scrollHeight - element.scrollTop - element.clientHeight;
}

function isIn(
  { from, bytes }: Part,
  target: ScrolledLines["target"],
): target is NonNullable<typeof target> {
  if (target === undefined) return false;
  return target.offset >= from && target.offset <= from + bytes.length;
}
