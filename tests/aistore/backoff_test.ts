import { assert, assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { backoffMs, systemClock } from "../../src/aistore/backoff.ts";

Deno.test("backoffMs() doubles its bound up to the cap and draws evenly below it", () => {
  const bounds = Array.from(
    { length: 9 },
    (_, i) => backoffMs(i + 1, { random: () => 1 }),
  );
  assertEquals(bounds, [
    500,
    1000,
    2000,
    4000,
    8000,
    16_000,
    30_000,
    30_000,
    30_000,
  ]);
  assertEquals(backoffMs(3, { random: () => 0.25 }), 500);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, r) => {
        const ms = backoffMs(attempt, { random: () => r });
        assert(ms >= 0 && ms <= 30_000);
      },
    ),
  );
});

Deno.test("systemClock.wait() ends early, without an error, when it is aborted", async () => {
  const start = performance.now();
  await systemClock.wait(60_000, AbortSignal.abort());
  const controller = new AbortController();
  const waiting = systemClock.wait(60_000, controller.signal);
  const alive = setTimeout(() => controller.abort(), 10);
  await waiting;
  clearTimeout(alive);
  assertLess(performance.now() - start, 5000);
});
