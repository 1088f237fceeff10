/**
 * A log with its tools.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { objectUrl } from "../../../api/objects.ts";
import type { Node, ObjectRecord } from "../../../api/types.ts";
import { LineView } from "../../../files/line_view.tsx";
import { useByteWindow } from "../../../files/use_byte_window.ts";
import { formatBytes } from "../../../format/number.ts";
import { param, setParams } from "../../../state/route.ts";
import { stored } from "../../../state/stored.ts";
import { FILES } from "../../../text/files.ts";
import { RUN } from "../../../text/run.ts";
import { Button } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Failure } from "../../../ui/small.tsx";
import { useChanges } from "../../../state/use_changes.ts";
import { searchLines } from "./search_lines.ts";
import { WholeSearch } from "./whole_search.tsx";

const isBoolean = (value: unknown): value is boolean =>
  typeof value === "boolean";
const wrap = stored("log.wrap", true, isBoolean);
const place = param("at");
const text = param("q");

const MAX_HITS = 5000;
/** So near to the end, the end stays in sight. */
const END_PX = 30;
/** What grew by more than this while it was not looked at is not read in between. */
const MAX_BEHIND_BYTES = 2 * 1024 * 1024;

/** Shows a log that may grow. */
export function LogView(
  { node, object }: { readonly node: Node; readonly object: ObjectRecord },
): JSX.Element {
  // What is looked at stays, though the object is another one with each line that is added.
  const first = useRef(object);
  const at = useRef(Number(place.peek() ?? NaN));
  const start = Number.isSafeInteger(at.current) ? at.current : "end";
  const { window, part, error } = useByteWindow(node, {
    key: object.path,
    size: first.current.size_bytes,
    version: node.id,
  }, start);
  const [follow, setFollow] = useState(start === "end");
  const [target, setTarget] = useState(
    start === "end" ? undefined : { offset: start },
  );
  const wanted = text.value ?? "";
  const hits = useMemo(
    () => searchLines(part.bytes, part.from, wanted, MAX_HITS),
    [part, wanted],
  );
  const current = hits.findIndex(({ offset }) => offset === target?.offset);

  const toEnd = async (): Promise<void> => {
    setParams({ at: undefined });
    setTarget(undefined);
    if (!window.isAtEnd) await window.openEnd();
    setFollow(true);
  };
  const show = async (offset: number): Promise<void> => {
    setFollow(false);
    setParams({ at: String(offset) });
    const { from, bytes } = window.part;
    if (offset < from || offset >= from + bytes.length) {
      await window.openAt(offset);
    }
    setTarget({ offset });
  };
  const step = (by: number): void => {
    const next = current < 0
      ? by > 0 ? 0 : hits.length - 1
      : (current + by + hits.length) % hits.length;
    const hit = hits[next];
    if (hit !== undefined) show(hit.offset);
  };
  useChanges(node.id, ["log"], () => window.refresh(follow));
  const end = part.from + part.bytes.length;
  const behind = part.size - end;
  useEffect(() => {
    if (!follow || behind <= 0 || part.generation === 0) return;
    if (behind > MAX_BEHIND_BYTES) window.openEnd();
    else window.later();
  }, [follow, behind, end]);

  return (
    <div class="log">
      <div class="log-tools" role="toolbar" aria-label={RUN.log()}>
        <label class="search-field">
          <Icon name="search" />
          <input
            class="input"
            type="search"
            value={wanted}
            placeholder={RUN.searchLog()}
            aria-label={RUN.searchLog()}
            onInput={(event) => setParams({ q: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
            }}
          />
        </label>
        {wanted !== "" && (
          <>
            <span class="muted numeric" role="status">
              {current >= 0
                ? RUN.hitOf({ at: current + 1, n: hits.length })
                : RUN.hits({ n: hits.length })}
            </span>
            <Button
              kind="quiet"
              disabled={hits.length === 0}
              onClick={() => step(-1)}
            >
              {RUN.previous()}
            </Button>
            <Button
              kind="quiet"
              disabled={hits.length === 0}
              onClick={() => step(1)}
            >
              {RUN.next()}
            </Button>
          </>
        )}
        <span class="spacer" />
        <span class="muted numeric">
          {RUN.shown({
            from: formatBytes(part.from),
            to: formatBytes(end),
            size: formatBytes(part.size),
          })}
        </span>
        <Button onClick={() => show(0)} disabled={part.from === 0 && !follow}>
          {RUN.toStart()}
        </Button>
        <Button
          pressed={follow}
          onClick={() => follow ? setFollow(false) : toEnd()}
        >
          {RUN.follow()}
        </Button>
        <Button pressed={wrap.value} onClick={() => wrap.value = !wrap.value}>
          {RUN.wrap()}
        </Button>
        <a
          class="button icon"
          href={objectUrl(node, object.path)}
          download={object.path}
          aria-label={RUN.download()}
          title={RUN.download()}
        >
          <Icon name="download" />
        </a>
      </div>
      {wanted !== "" && (
        <WholeSearch
          node={node}
          object={{ path: object.path, size: part.size }}
          wanted={wanted}
          onChoose={show}
        />
      )}
      {error && <Failure error={error} retry={() => window.refresh(follow)} />}
      <LineView
        label={`${RUN.log()}: ${RUN.lines()}`}
        part={part}
        wrap={wrap.value}
        wanted={wanted.toLowerCase()}
        follow={follow}
        target={target}
        onTop={() => window.earlier()}
        onBottom={() => window.later()}
        onScroll={(toEnd) => setFollow(toEnd < END_PX && window.isAtEnd)}
      />
      {!follow && behind > 0 && (
        <button type="button" class="log-below" onClick={toEnd}>
          {RUN.moreBelow()} · {FILES.size()} {formatBytes(behind)}
        </button>
      )}
    </div>
  );
}
