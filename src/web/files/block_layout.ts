/**
 * Where blocks of lines lie below each other, of which only some have been measured.
 *
 * @module
 */

/** A block, as far as it matters here. */
export interface LaidOut {
  readonly key: number;
  readonly lines: { readonly length: number };
}

/** A block's place. */
export interface Placed {
  readonly top: number;
  readonly height: number;
}

/**
 * Lays blocks out.
 *
 * @param blocks The blocks, in order.
 * @param measured Heights by key, as far as they are known.
 * @param lineHeight The height of a line where nothing is known.
 * @returns Their places, and the height of all.
 */
export function layOut(
  blocks: readonly LaidOut[],
  measured: ReadonlyMap<number, number>,
  lineHeight: number,
): { readonly places: readonly Placed[]; readonly height: number } {
  let top = 0;
  const places = blocks.map(({ key, lines }) => {
    const height = measured.get(key) ?? lines.length * lineHeight;
    const place = { top, height };
    top += height;
    return place;
  });
  return { places, height: top };
}

/**
 * Finds the block at a place.
 *
 * @param places The places, in order.
 * @param y Where.
 * @returns The block's number; the last one for what lies below all.
 */
export function blockAt(places: readonly Placed[], y: number): number {
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((places[middle]?.top ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** Where a block is in the window, so that it is found there again when blocks come, go or change. */
export interface Anchor {
  readonly key: number;
  /** How far its top is below that of the window; its end, where lines may come before its first. */
  readonly at: number;
  readonly isEnd: boolean;
}

/**
 * Notes what is looked at.
 *
 * @param blocks The blocks, in order.
 * @param places Their places.
 * @param top The place at the top of the window.
 * @returns The block there; undefined where there is none.
 */
export function anchorAt(
  blocks: readonly LaidOut[],
  places: readonly Placed[],
  top: number,
): Anchor | undefined {
  const index = blockAt(places, top);
  const place = places[index];
  const key = blocks[index]?.key;
  if (place === undefined || key === undefined) return undefined;
  const isEnd = index === 0 && blocks.length > 1;
  return { key, at: place.top + (isEnd ? place.height : 0) - top, isEnd };
}

/**
 * Finds what was looked at.
 *
 * @param blocks The blocks, in order.
 * @param places Their places.
 * @param anchor What was looked at.
 * @returns The place at the top of the window; undefined where the block is gone.
 */
export function topOf(
  blocks: readonly LaidOut[],
  places: readonly Placed[],
  { key, at, isEnd }: Anchor,
): number | undefined {
  const place = places[blocks.findIndex((block) => block.key === key)];
  return place && place.top + (isEnd ? place.height : 0) - at;
}
