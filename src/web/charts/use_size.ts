/**
 * How large an element is, and whether it can be seen.
 *
 * @module
 */

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

/** How wide an element is, in pixels; 0 until that is known. */
export function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  // At once: the first word of an observer comes a frame later.
  useLayoutEffect(() => setWidth(ref.current?.clientWidth ?? 0), [ref]);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}

/** Charts are made ready a little before they come into view, in pixels. */
const MARGIN = 200;

const watched = new WeakMap<Element, (isSeen: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Whether an element can be seen, or soon will be. */
export function useSeen(ref: RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useLayoutEffect(() => {
    const box = ref.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return;
    setSeen(box.top < innerHeight + MARGIN && box.bottom > -MARGIN);
  }, [ref]);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    observer ??= new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        watched.get(target)?.(isIntersecting);
      }
    }, { rootMargin: `${MARGIN}px 0px` });
    watched.set(element, setSeen);
    observer.observe(element);
    return () => {
      observer?.unobserve(element);
      watched.delete(element);
    };
  }, [ref]);
  return isSeen;
}
