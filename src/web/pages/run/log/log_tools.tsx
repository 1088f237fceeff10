/**
 * What is done with a log.
 *
 * @module
 */

import type { JSX } from "preact";
import { SearchField } from "../../../files/search_field.tsx";
import type { Part } from "../../../files/byte_window.ts";
import { formatBytes } from "../../../format/number.ts";
import { stored } from "../../../state/stored.ts";
import { RUN } from "../../../text/run.ts";
import { Button } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";

/** Whether long lines go on below. */
export const isWrapped = stored(
  "log.wrap",
  true,
  (value): value is boolean => typeof value === "boolean",
);

/** Shows what searches, follows, wraps and downloads a log. */
export function LogTools(
  { href, name, part, follow, onStep, onStart, onFollow }: {
    /** Where the whole log is. */
    readonly href: string;
    /** The log's key. */
    readonly name: string;
    readonly part: Part;
    readonly follow: boolean;
    /** Goes to another line that was found. */
    readonly onStep: (by: number) => void;
    readonly onStart: () => void;
    readonly onFollow: () => void;
  },
): JSX.Element {
  return (
    <div class="log-tools" role="toolbar" aria-label={RUN.log()}>
      <SearchField
        label={RUN.searchLog()}
        onEnter={(isShifted) => onStep(isShifted ? -1 : 1)}
      />
      <span class="spacer" />
      <span class="muted numeric">
        {RUN.shown({
          from: formatBytes(part.from),
          to: formatBytes(part.from + part.bytes.length),
          size: formatBytes(part.size),
        })}
      </span>
      <Button onClick={onStart}>{RUN.toStart()}</Button>
      <Button pressed={follow} onClick={onFollow}>{RUN.follow()}</Button>
      <Button
        pressed={isWrapped.value}
        onClick={() => isWrapped.value = !isWrapped.value}
      >
        {RUN.wrap()}
      </Button>
      <a
        class="button icon"
        href={href}
        download={name}
        aria-label={RUN.download()}
        title={RUN.download()}
      >
        <Icon name="download" />
      </a>
    </div>
  );
}

/** Shows how much was found in the lines at hand, and leads from one to the next. */
export function HitSteps(
  { current, count, onStep }: {
    /** Which one is shown; -1 for none. */
    readonly current: number;
    readonly count: number;
    readonly onStep: (by: number) => void;
  },
): JSX.Element {
  return (
    <>
      <span class="muted numeric" role="status">
        {current >= 0
          ? RUN.hitOf({ at: current + 1, n: count })
          : RUN.hits({ n: count })}
      </span>
      <Button disabled={count === 0} onClick={() => onStep(-1)}>
        {RUN.previous()}
      </Button>
      <Button disabled={count === 0} onClick={() => onStep(1)}>
        {RUN.next()}
      </Button>
    </>
  );
}
