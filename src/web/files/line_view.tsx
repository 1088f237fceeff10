/**
 * Lines of a text, of which only those are drawn that are looked at.
 *
 * @module
 */

import type { JSX } from "preact";
import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
} from "preact/hooks";
import { blockAt, layOut, type Placed } from "./block_layout.ts";
import type { Part } from "./byte_window.ts";
import { LineBlock } from "./line_block.tsx";
import { splitBlocks } from "./lines.ts";

/** Lines, and how they are shown. */
export interface LineViewProps {
  /** What this is called. */
  readonly label: string;
  readonly part: Part;
  readonly wrap: boolean;
  /** Whether lines have numbers. */
  readonly numbers?: boolean;
  /** What is marked, in lower case. */
  readonly wanted?: string;
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

/** As the style sheet has it. */
const LINE_HEIGHT = 20;
const AROUND = 600;
/** So near to the first or last line, more is asked for. */
const NEAR = 400;
/** Beyond so much, more is read only when a person scrolls to an edge. */
const ENOUGH_BYTES = 1024 * 1024;

/** Where a block was on the screen. */
interface Anchor {
  readonly key: number;
  /** From the top of the window to its top, or to its end where lines may come before its first. */
  readonly at: number;
  readonly isEnd: boolean;
}

/** Shows lines. */
export function LineView(props: LineViewProps): JSX.Element {
  const { part, wrap, follow = false, target, wanted = "" } = props;
  const box = useRef<HTMLDivElement>(null);
  const measured = useRef(new Map<number, number>());
  const anchor = useRef<Anchor | undefined>(undefined);
  const scrolledTo = useRef(0);
  const reached = useRef<typeof target>(undefined);
  const [, redraw] = useReducer((turn: number) => turn + 1, 0);

  const blocks = useMemo(() => splitBlocks(part.bytes, part.from), [part]);
  useMemo(() => {
    measured.current.clear();
    anchor.current = undefined;
  }, [part.generation, wrap]);
  const { places, height } = layOut(blocks, measured.current, LINE_HEIGHT);

  const top = follow ? height : scrolledTo.current;
  const viewHeight = box.current?.clientHeight ?? 800;
  const first = blockAt(places, Math.min(top, height - viewHeight) - AROUND);
  const last = blockAt(places, top + viewHeight + AROUND);
  const shown = blocks.slice(first, last + 1);

  const note = (places: readonly Placed[]): void => {
    const element = box.current;
    if (element === null) return;
    scrolledTo.current = element.scrollTop;
    const index = blockAt(places, element.scrollTop);
    const place = places[index];
    const block = blocks[index];
    if (place === undefined || block === undefined) return;
    const isEnd = index === 0 && blocks.length > 1;
    const edge = place.top + (isEnd ? place.height : 0);
    anchor.current = { key: block.key, at: edge - element.scrollTop, isEnd };
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    let isOther = false;
    for (const child of element.querySelectorAll<HTMLElement>("[data-block]")) {
      const key = Number(child.dataset["block"]);
      const height = child.offsetHeight;
      if (measured.current.get(key) !== height) {
        measured.current.set(key, height);
        isOther = true;
      }
    }
    const { places, height } = layOut(blocks, measured.current, LINE_HEIGHT);
    let wantedTop = element.scrollTop;
    if (target !== reached.current && isIn(part, target)) {
      const found = element.querySelector<HTMLElement>(".text-line.current");
      const index = blocks.findLastIndex(({ lines }) =>
        part.from + (lines[0]?.start ?? 0) <= (target?.offset ?? 0)
      );
      if (found !== null) {
        reached.current = target;
        const { top } = found.getBoundingClientRect();
        wantedTop += top - element.getBoundingClientRect().top -
          element.clientHeight / 3;
      } else if (index >= 0) wantedTop = places[index]?.top ?? 0;
    } else if (follow) wantedTop = height;
    else if (anchor.current !== undefined) {
      const { key, at, isEnd } = anchor.current;
      const index = blocks.findIndex((block) => block.key === key);
      const place = places[index];
      if (place !== undefined) {
        wantedTop = place.top + (isEnd ? place.height : 0) - at;
      }
    }
    if (Math.abs(wantedTop - element.scrollTop) >= 1) {
      const before = element.scrollTop;
      const spacer = element.querySelector<HTMLElement>(".line-space");
      if (spacer !== null) spacer.style.height = `${height}px`;
      element.scrollTop = wantedTop;
      if (element.scrollTop !== before) isOther = true;
    }
    note(places);
    if (isOther) redraw(0);
    // What lies at an edge is asked for once all is in its place.
    else if (part.bytes.length < ENOUGH_BYTES) look();
  });

  const look = (): void => {
    const element = box.current;
    if (element === null || part.bytes.length === 0) return;
    if (element.scrollTop < NEAR) props.onTop?.();
    const toEnd = element.scrollHeight - element.scrollTop -
      element.clientHeight;
    if (toEnd < NEAR) props.onBottom?.();
  };

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let { clientWidth, clientHeight } = element;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth !== clientWidth) measured.current.clear();
      else if (element.clientHeight === clientHeight) return;
      ({ clientWidth, clientHeight } = element);
      redraw(0);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = (): void => {
    const element = box.current;
    if (element === null || element.scrollTop === scrolledTo.current) return;
    note(places);
    look();
    props.onScroll?.(
      element.scrollHeight - element.scrollTop - element.clientHeight,
    );
    redraw(0);
  };
  return (
    <div
      ref={box}
      class={`lines ${wrap ? "wrap" : ""}`}
      role="region"
      aria-label={props.label}
      tabIndex={0}
      onScroll={onScroll}
      onWheel={look}
    >
      <div class="line-space" style={{ height: `${height}px` }}>
        <div
          class="line-blocks"
          style={{ transform: `translateY(${places[first]?.top ?? 0}px)` }}
        >
          {shown.map((block) => (
            <LineBlock
              key={`${part.generation} ${block.key}`}
              block={block}
              part={part}
              wanted={wanted}
              numbers={props.numbers ?? false}
              target={target?.offset}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function isIn({ from, bytes }: Part, target: LineViewProps["target"]): boolean {
  if (target === undefined) return false;
  return target.offset >= from && target.offset <= from + bytes.length;
}
