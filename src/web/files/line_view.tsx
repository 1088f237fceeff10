/**
 * Lines of a text, of which only those are drawn that are looked at.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { LineBlock } from "./line_block.tsx";
import { splitBlocks } from "./lines.ts";
import { type ScrolledLines, useLineScroll } from "./use_line_scroll.ts";

/** Lines, and how they are shown. */
export interface LineViewProps extends ScrolledLines {
  /** What this is called. */
  readonly label: string;
  /** Whether lines have numbers. */
  readonly numbers?: boolean;
  /** What is marked, in lower case. */
  readonly wanted?: string;
}

/** Shows lines. */
export function LineView(props: LineViewProps): JSX.Element {
  const { part, wrap, target, wanted = "", numbers = false } = props;
  const box = useRef<HTMLDivElement>(null);
  const blocks = useMemo(() => splitBlocks(part.bytes, part.from), [part]);
  const scroll = useLineScroll(box, blocks, props);
  const { height, first, last, top } = scroll;
  return (
    <div
      ref={box}
      class={`lines ${wrap ? "wrap" : ""}`}
      role="region"
      aria-label={props.label}
      tabIndex={0}
      onScroll={scroll.onScroll}
      onWheel={scroll.look}
    >
      <div class="line-space" style={{ height: `${height}px` }}>
        <div
          class="line-blocks"
          style={{ transform: `translateY(${top}px)` }}
        >
          {blocks.slice(first, last + 1).map((block) => (
            <LineBlock
              key={`${part.generation} ${block.key}`}
              block={block}
              part={part}
              wanted={wanted}
              numbers={numbers}
              target={target?.offset}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
