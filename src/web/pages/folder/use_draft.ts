/**
 * What is typed, before it is used.
 *
 * @module
 */

import { useEffect, useRef, useState } from "preact/hooks";

const TYPING_MS = 400;

/**
 * What is typed, until it is used when one has stopped typing for a moment.
 *
 * @param value What is used now.
 * @param use Uses it.
 * @returns What is typed, and how to change it.
 */
export function useDraft(
  value: string,
  use: (text: string) => void,
): readonly [draft: string, setDraft: (text: string) => void] {
  const [draft, setDraft] = useState(value);
  const used = useRef(value);
  useEffect(() => {
    // What comes from here is what is typed, and may be typed on by now.
    if (value !== used.current) setDraft(value);
    used.current = value;
  }, [value]);
  useEffect(() => {
    if (draft === value) return;
    const timer = setTimeout(() => {
      used.current = draft;
      use(draft);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  return [draft, setDraft];
}
