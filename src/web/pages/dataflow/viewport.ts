/**
 * Which part of a drawing is in sight.
 *
 * @module
 */

/** A drawing, moved and scaled. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Something with an extent. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How small and how large a drawing can be made. */
export const SCALES = { min: 0.1, max: 2.5 } as const;
/** At less than this, names cannot be read. */
const READABLE = 0.5;
const MARGIN = 24;

/** The whole drawing, as large as fits. */
export function fitViewport(drawing: Size, window: Size): Viewport {
  const scale = clampScale(Math.min(
    1,
    (window.width - 2 * MARGIN) / Math.max(1, drawing.width),
    (window.height - 2 * MARGIN) / Math.max(1, drawing.height),
  ));
  return {
    scale,
    x: (window.width - drawing.width * scale) / 2,
    y: (window.height - drawing.height * scale) / 2,
  };
}

/** The whole drawing where that can be read, or else what is around a point. */
export function firstViewport(
  drawing: Size,
  window: Size,
  point: { readonly x: number; readonly y: number },
): Viewport {
  const whole = fitViewport(drawing, window);
  if (whole.scale >= READABLE) return whole;
  const scale = 0.8;
  return {
    scale,
    x: window.width / 2 - point.x * scale,
    y: window.height / 2 - point.y * scale,
  };
}

/** Scales around a point of the window, which stays where it is. */
export function zoomViewport(
  { x, y, scale }: Viewport,
  factor: number,
  at: { readonly x: number; readonly y: number },
): Viewport {
  const next = clampScale(scale * factor);
  const by = next / scale;
  return { scale: next, x: at.x - (at.x - x) * by, y: at.y - (at.y - y) * by };
}

/** Moves as little as is needed to have a point in sight. */
export function revealPoint(
  viewport: Viewport,
  window: Size,
  point: { readonly x: number; readonly y: number },
): Viewport {
  const { x, y, scale } = viewport;
  const margin = 80;
  const shift = (at: number, length: number): number => {
    const edge = Math.min(margin, length / 2);
    return at < edge ? edge - at : at > length - edge ? length - edge - at : 0;
  };
  return {
    scale,
    x: x + shift(point.x * scale + x, window.width),
    y: y + shift(point.y * scale + y, window.height),
  };
}

/** What is in the middle, and how large it is, as it stands in the address: `320~-40~0.8`. */
export function formatViewport(
  { x, y, scale }: Viewport,
  window: Size,
): string {
  const middle = (length: number, start: number): number =>
    Math.round((length / 2 - start) / scale);
  const digits = Number(scale.toPrecision(3));
  return `${middle(window.width, x)}~${middle(window.height, y)}~${digits}`;
}

/** Reads what {@linkcode formatViewport} has written, for a window that may have another size; undefined for nonsense. */
export function parseViewport(
  text: string,
  window: Size,
): Viewport | undefined {
  const [x = NaN, y = NaN, size = NaN, ...rest] = text.split("~").map(Number);
  const isSound = rest.length === 0 && size > 0 &&
    [x, y, size].every(Number.isFinite);
  if (!isSound) return undefined;
  const scale = clampScale(size);
  return {
    scale,
    x: window.width / 2 - x * scale,
    y: window.height / 2 - y * scale,
  };
}

function clampScale(scale: number): number {
  return Math.max(SCALES.min, Math.min(SCALES.max, scale));
}
