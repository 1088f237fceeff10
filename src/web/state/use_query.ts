/**
 * What the server answers, for a component.
 *
 * @module
 */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** A question and how it stands. */
export interface Query<T> {
  /** The last answer; it stays while it is asked again. */
  readonly data: T | undefined;
  /** What went wrong, if the last question failed. */
  readonly error: Error | undefined;
  /** Whether an answer is waited for. */
  readonly isLoading: boolean;
  /** Asks again. */
  readonly reload: () => void;
}

/**
 * Asks the server, and again when the key changes. An answer to an older key is never shown under a newer one.
 *
 * @param key What the question depends on; undefined asks nothing.
 * @param load Asks.
 * @returns How it stands.
 */
export function useQuery<T>(
  key: string | undefined,
  load: (signal: AbortSignal) => Promise<T>,
): Query<T> {
  const [state, setState] = useState<
    { key?: string | undefined; data?: T; error?: Error; isLoading: boolean }
  >({ isLoading: key !== undefined });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    if (key === undefined) return;
    const abort = new AbortController();
    setState((old) =>
      old.key === key ? { ...old, isLoading: true } : { key, isLoading: true }
    );
    latest.current(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setState({ key, data, isLoading: false });
      },
      (reason) => {
        if (abort.signal.aborted) return;
        const error = reason instanceof Error ? reason : new Error(`${reason}`);
        setState((old) => ({
          key,
          error,
          isLoading: false,
          ...(old.data === undefined ? {} : { data: old.data }),
        }));
      },
    );
    return () => abort.abort();
  }, [key, turn]);

  const reload = useCallback(() => setTurn((old) => old + 1), []);
  const isCurrent = state.key === key;
  return {
    data: isCurrent ? state.data : undefined,
    error: isCurrent ? state.error : undefined,
    isLoading: key !== undefined && (!isCurrent || state.isLoading),
    reload,
  };
}
