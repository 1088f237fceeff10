/**
 * Where blocks of lines lie below each other, of which only some have been measured.
 *
 * @module
 */

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
  blocks: readonly {
    readonly key: number;
    readonly lines: { length: number };
  }[],
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
