/**
 * The search through a whole log.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { readRange } from "../../../api/objects.ts";
import type { Node } from "../../../api/types.ts";
import { formatBytes } from "../../../format/number.ts";
import { toastError } from "../../../state/toasts.ts";
import { RUN } from "../../../text/run.ts";
import { Button } from "../../../ui/button.tsx";
import { markSpans, parseAnsi } from "../../../files/ansi.ts";
import { searchObject, type SearchProgress } from "./search_lines.ts";

const MAX_HITS = 500;

/** Shows a button that searches the whole log, and what is found. */
export function WholeSearch(
  { node, object, wanted, onChoose }: {
    readonly node: Node;
    readonly object: { readonly path: string; readonly size: number };
    readonly wanted: string;
    /** Told where a line begins that was chosen. */
    readonly onChoose: (offset: number) => void;
  },
): JSX.Element {
  const [progress, setProgress] = useState<SearchProgress>();
  const abort = useRef<AbortController | undefined>(undefined);
  const stop = (): void => {
    abort.current?.abort();
    abort.current = undefined;
    setProgress((old) => old && { ...old, isOver: true });
  };
  useEffect(() => {
    setProgress(undefined);
    return () => abort.current?.abort();
  }, [wanted, node.id]);

  const search = async (): Promise<void> => {
    stop();
    const controller = new AbortController();
    abort.current = controller;
    const { signal } = controller;
    const found = searchObject({
      read: (range, signal) => readRange(node, object.path, range, signal),
      size: object.size,
      wanted,
      signal,
      max: MAX_HITS,
    });
    setProgress({ hits: [], done: 0, size: object.size, isOver: false });
    try {
      for await (const each of found) if (!signal.aborted) setProgress(each);
    } catch (error) {
      if (!signal.aborted) {
        stop();
        toastError(error);
      }
    }
  };
  const isRunning = progress !== undefined && !progress.isOver;
  return (
    <div class="whole-search">
      <div class="whole-search-head">
        {isRunning
          ? <Button onClick={stop}>{RUN.stop()}</Button>
          : <Button onClick={search}>{RUN.searchWhole()}</Button>}
        {progress && (
          <>
            {isRunning && (
              <progress
                max={Math.max(1, progress.size)}
                value={progress.done}
                aria-label={RUN.searchWhole()}
              />
            )}
            <span class="muted numeric" role="status">
              {progress.hits.length >= MAX_HITS
                ? RUN.hitsCut({ n: MAX_HITS })
                : RUN.hits({ n: progress.hits.length })}
              {" · "}
              {RUN.searched({
                done: formatBytes(progress.done),
                all: formatBytes(progress.size),
              })}
            </span>
          </>
        )}
      </div>
      {progress !== undefined && progress.hits.length > 0 && (
        <ul class="hits">
          {progress.hits.map(({ offset, text }) => (
            <li key={offset}>
              <button type="button" onClick={() => onChoose(offset)}>
                <span class="muted numeric">{formatBytes(offset)}</span>
                <span class="cut user-text mono">
                  {markSpans(parseAnsi(text), wanted.toLowerCase())
                    .map(({ text, looks }, i) => (
                      <span key={i} class={looks}>{text}</span>
                    ))}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
