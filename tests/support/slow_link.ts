import { delay } from "@std/async";

/** A way to a server that takes its time. */
export interface SlowLink extends AsyncDisposable {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** How many bytes have gone to the server. */
  readonly bytesUp: number;
}

/** How a {@linkcode SlowLink} is made. */
export interface SlowLinkOptions {
  /** The server's port on 127.0.0.1. */
  readonly to: number;
  /** How much goes through in a second, all connections together, each way. Default: all. */
  readonly bytesPerSecond?: number;
}

/** No more goes through at once, so that all connections get their share. */
const PIECE_BYTES = 2048;

/** Connections go through as they are; one that the server does not take is closed. */
export function openSlowLink(
  { to, bytesPerSecond = Infinity }: SlowLinkOptions,
): SlowLink {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const running = new Set<Promise<unknown>>();
  let bytesUp = 0;
  const up = pace(bytesPerSecond);
  const down = pace(bytesPerSecond);

  async function pass(near: Deno.Conn): Promise<void> {
    open.add(near);
    let far: Deno.Conn | undefined;
    let ways: readonly Promise<void>[] = [];
    try {
      far = await Deno.connect({ hostname: "127.0.0.1", port: to });
      open.add(far);
      const count = async (bytes: number) => {
        bytesUp += bytes;
        await up(bytes);
      };
      ways = [copy(near, far, count), copy(far, near, down)];
      await Promise.race(ways);
    } catch (error) {
      if (!isBroken(error)) throw error;
    } finally {
      for (const conn of [near, far]) close(conn);
      await Promise.allSettled(ways);
    }
  }

  function close(conn: Deno.Conn | undefined): void {
    if (conn === undefined || !open.delete(conn)) return;
    conn.close();
  }

  const accepting = (async () => {
    for await (const conn of listener) {
      const task = pass(conn).finally(() => running.delete(task));
      running.add(task);
    }
  })();
  return {
    port: listener.addr.port,
    get bytesUp() {
      return bytesUp;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) close(conn);
      await accepting;
      await Promise.all(running);
    },
  };
}

/** Waits until so much may go; whoever asks first goes first. */
function pace(bytesPerSecond: number): (bytes: number) => Promise<void> {
  let freeAtMs = 0;
  return async (bytes) => {
    const nowMs = performance.now();
    freeAtMs = Math.max(freeAtMs, nowMs) + 1000 * bytes / bytesPerSecond;
    if (freeAtMs - nowMs > 1) await delay(freeAtMs - nowMs);
  };
}

async function copy(
  from: Deno.Conn,
  to: Deno.Conn,
  wait: (bytes: number) => Promise<void>,
): Promise<void> {
  const buffer = new Uint8Array(PIECE_BYTES);
  for (;;) {
    const count = await from.read(buffer);
    if (count === null) return;
    await wait(count);
    for (let at = 0; at < count;) {
      at += await to.write(buffer.subarray(at, count));
    }
  }
}

/** Whether an error means that a connection is no more, or never was. */
export function isBroken(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionRefused ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted;
}
