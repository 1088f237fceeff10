/**
 * Lines that are drawn together.
 *
 * @module
 */

import { Component, type JSX } from "preact";
import type { Part } from "./byte_window.ts";
import type { Block } from "./lines.ts";
import { TextLine } from "./text_line.tsx";

interface LineBlockProps {
  readonly block: Block;
  readonly part: Part;
  /** What is marked, in lower case. */
  readonly wanted: string;
  readonly numbers: boolean;
  /** A byte whose line is the one that was looked for. */
  readonly target: number | undefined;
}

/** Shows lines; draws them anew only when they are others. */
export class LineBlock extends Component<LineBlockProps> {
  /** @param next What is to be shown. */
  override shouldComponentUpdate(next: LineBlockProps): boolean {
    return signOf(next) !== signOf(this.props);
  }

  /** Draws them. */
  override render(): JSX.Element {
    const { block, part, wanted, numbers, target } = this.props;
    const { bytes, from, linesBefore } = part;
    return (
      <div data-block={block.key}>
        {block.lines.map((line, i) => {
          const at = from + line.start;
          return (
            <TextLine
              key={at}
              bytes={bytes}
              line={line}
              wanted={wanted}
              number={numbers && linesBefore !== undefined
                ? linesBefore + block.first + i + 1
                : undefined}
              isCut={line.start === 0 && from > 0}
              isCurrent={target !== undefined && target >= at &&
                target <= from + line.end}
            />
          );
        })}
      </div>
    );
  }
}

/** What its looks depend on: the same bytes of the same object are the same text. */
function signOf(
  { block, part, wanted, numbers, target }: LineBlockProps,
): string {
  const { from, linesBefore, generation } = part;
  const first = block.lines[0]?.start ?? 0;
  const end = block.lines.at(-1)?.end ?? 0;
  return JSON.stringify([
    generation,
    from + first,
    from + end,
    first === 0 && from > 0,
    wanted,
    numbers && linesBefore !== undefined ? linesBefore + block.first : null,
    target !== undefined && target >= from + first && target <= from + end
      ? target
      : null,
  ]);
}
