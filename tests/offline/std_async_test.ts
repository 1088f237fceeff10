/**
 * What the project relies on in `@std/async`, held against the stand-in and against
 * what the bare name resolves to: the original where JSR answers.
 */

import * as installedAsync from "@std/async";
import nodeAssert, {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import * as ourAsync from "./std/async/mod.ts";

Deno.test("async delay() waits, and ends with the signal's reason", async () => {
  for (const { delay } of [ourAsync, installedAsync]) {
    const start = performance.now();
    await delay(20);
    nodeAssert.ok(performance.now() - start >= 19);
    await delay(0);
    await delay(-5);
    const reason = new Error("enough");
    await rejects(delay(60_000, { signal: AbortSignal.abort(reason) }), reason);
    const controller = new AbortController();
    const waiting = delay(60_000, { signal: controller.signal });
    controller.abort(reason);
    await rejects(waiting, reason);
  }
});

Deno.test("async deadline() and abortable() end a wait from outside", async () => {
  for (const { abortable, deadline } of [ourAsync, installedAsync]) {
    const never = new Promise<never>(() => {});
    strictEqual(await deadline(Promise.resolve(1), 60_000), 1);
    await rejects(deadline(never, 5), { name: "TimeoutError" });
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await rejects(deadline(never, Infinity, { signal }), reason);
    await rejects(abortable(never, signal), reason);
    const open = new AbortController();
    strictEqual(await abortable(Promise.resolve(2), open.signal), 2);
    await rejects(abortable(Promise.reject(reason), open.signal), reason);

    let closed = false;
    const numbers = async function* () {
      try {
        for (let i = 0;; i++) yield await Promise.resolve(i);
      } finally {
        closed = true;
      }
    };
    const seen: number[] = [];
    await rejects(async () => {
      for await (const n of abortable(numbers(), open.signal)) {
        seen.push(n);
        if (n === 2) open.abort(reason);
      }
    }, reason);
    deepStrictEqual(seen, [0, 1, 2]);
    strictEqual(closed, true);
  }
});

Deno.test("async retry() tries as often as told and says what came last", async () => {
  for (const { retry, RetryError } of [ourAsync, installedAsync]) {
    const quick = { minTimeout: 1, maxTimeout: 2, jitter: 0 };
    let calls = 0;
    const third = () => {
      if (++calls < 3) throw new Error(`call ${calls}`);
      return calls;
    };
    strictEqual(await retry(third, quick), 3);

    calls = -10;
    const error = await retry(third, { ...quick, maxAttempts: 2 })
      .catch((e: unknown) => e);
    nodeAssert.ok(error instanceof RetryError);
    strictEqual(error.name, "RetryError");
    strictEqual(error.message, "Retrying exceeded the maxAttempts (2).");
    strictEqual((error.cause as Error).message, "call -8");

    calls = -10;
    const isRetriable = () => false;
    await rejects(retry(third, { ...quick, isRetriable }), /^Error: call -9$/);
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await rejects(retry(third, { signal }), reason);
    const bad = [
      { maxAttempts: 0 },
      { multiplier: 0.5 },
      { maxTimeout: 0 },
      { minTimeout: -1 },
      { minTimeout: 10, maxTimeout: 5 },
      { jitter: 2 },
    ];
    for (const options of bad) {
      const text = JSON.stringify(options);
      await rejects(retry(() => 1, options), RangeError, text);
    }
  }
});

Deno.test("async pooledMap() keeps order and limit, and collects failures", async () => {
  for (const { delay, pooledMap } of [ourAsync, installedAsync]) {
    let underWay = 0;
    let most = 0;
    const results = pooledMap(2, [30, 1, 20, 1, 1], async (ms) => {
      most = Math.max(most, ++underWay);
      await delay(ms);
      underWay--;
      return ms;
    });
    deepStrictEqual(await Array.fromAsync(results), [30, 1, 20, 1, 1]);
    strictEqual(most, 2);

    const source = async function* () {
      yield await Promise.resolve("a");
      yield "b";
    };
    const upper = pooledMap(9, source(), (s) => Promise.resolve(s + s));
    deepStrictEqual(await Array.fromAsync(upper), ["aa", "bb"]);
    deepStrictEqual(await Array.fromAsync(pooledMap(1, [], delay)), []);

    const failing = pooledMap(
      2,
      [1, 2, 3],
      (n) => n === 2 ? Promise.reject(new Error("two")) : Promise.resolve(n),
    );
    await rejects(Array.fromAsync(failing), (error: unknown) => {
      nodeAssert.ok(error instanceof AggregateError);
      deepStrictEqual(error.errors.map((e: Error) => e.message), ["two"]);
      return true;
    });
    throws(() => pooledMap(0, [], delay), RangeError);
  }
});
