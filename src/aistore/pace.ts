/** How fast the way to a server is taken to be until one body has shown more, in bytes a second. */
export const UNKNOWN_BYTES_PER_SECOND = 64 * 1024;

/** No way is taken to be slower, in bytes a second. */
export const SLOWEST_BYTES_PER_SECOND = 4 * 1024;

/** Of a smaller body most of the time goes to the way there and back. */
const TELLING_BYTES = 64 * 1024;

/** So many requests may share the way: one alone may be so much faster. */
const SHARE = 4;

/** How much of a body the system may hold that has been given to it, but has not gone out. */
const HELD_BYTES = 1024 * 1024;

/**
 * How long a body may take on its way to a server, by what bodies have taken before. A server that hangs looks like a slow
 * way, since the systems on both sides take a megabyte at once; so a way is not taken to be slow before that was seen: in
 * the time that a body took, or by one that did not arrive in its time, which is given twice as long the next time.
 */
export class Pace {
  #bytesPerSecond = UNKNOWN_BYTES_PER_SECOND;

  /** How fast the way is taken to be for one request among several, in bytes a second. */
  get bytesPerSecond(): number {
    return this.#bytesPerSecond;
  }

  /**
   * How long the rest of a body may take of which nothing more can be seen to go out.
   *
   * @param bytes The size of the body.
   * @returns Milliseconds.
   */
  heldMs(bytes: number): number {
    const held = Math.min(bytes, HELD_BYTES);
    return 1000 * Math.ceil(held / this.#bytesPerSecond);
  }

  /**
   * Takes note that a body has arrived.
   *
   * @param bytes Its size.
   * @param ms How long it took until it was answered, in milliseconds.
   */
  arrived(bytes: number, ms: number): void {
    if (bytes >= TELLING_BYTES) this.#bytesPerSecond = paceOfOne(bytes, ms);
  }

  /**
   * Takes note that a part of a body has gone out; the system may hold some of it.
   *
   * @param bytes Its size.
   * @param ms How long that took, in milliseconds.
   */
  wentOut(bytes: number, ms: number): void {
    if (bytes < TELLING_BYTES) return;
    const pace = paceOfOne(bytes, ms);
    this.#bytesPerSecond = Math.min(this.#bytesPerSecond, pace);
  }

  /**
   * Takes note that a body did not arrive in its time. Several that were under way together count once.
   *
   * @param bytes Its size.
   * @param bytesPerSecond How fast the way was taken to be when it began.
   */
  timedOut(bytes: number, bytesPerSecond: number): void {
    if (bytes < TELLING_BYTES || bytesPerSecond > this.#bytesPerSecond) return;
    this.#bytesPerSecond = Math.max(
      SLOWEST_BYTES_PER_SECOND,
      this.#bytesPerSecond / 2,
    );
  }
}

function paceOfOne(bytes: number, ms: number): number {
  const pace = 1000 * bytes / Math.max(ms, 1) / SHARE;
  return Math.min(
    UNKNOWN_BYTES_PER_SECOND,
    Math.max(SLOWEST_BYTES_PER_SECOND, pace),
  );
}

const paces = new Map<string, Pace>();

/**
 * The pace of the way to a server.
 *
 * @param host The server's address.
 * @returns The pace that everything in this thread shares.
 */
export function paceOf(host: string): Pace {
  let pace = paces.get(host);
  if (pace === undefined) paces.set(host, pace = new Pace());
  return pace;
}
