import { assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { limitOutage } from "../../src/sync/outage_limit.ts";
import { Told } from "../upload/support/support.ts";

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

Deno.test("an upload ends when the server is away, or refuses the key, for as long as that may last", async () => {
  for (const kind of ["unreachable h", "key refused h 1", "denied h /d"]) {
    const reporter = new Told();
    using limit = limitOutage({ reporter, limitMs: 20 });
    limit.reporter.warn(kind, "text");
    await aborted(limit.signal);
    assertEquals(reporter.warnings.get(kind), "text");
  }
});

Deno.test("what comes to its end in time, other warnings, and the caller's own end are no outage", async () => {
  using ended = limitOutage({ reporter: new Told(), limitMs: 60_000 });
  ended.reporter.warn("unreachable h", "text");
  ended.reporter.info("back", "unreachable h");
  assertEquals(ended.signal.aborted, false);
  const outer = new AbortController();
  using limit = limitOutage({
    reporter: new Told(),
    limitMs: 0,
    signal: outer.signal,
  });
  limit.reporter.warn("refused /d a", "text");
  // A timer that had been started would come before this one.
  await delay(1);
  assertEquals(limit.signal.aborted, false);
  outer.abort();
  assertEquals(limit.signal.aborted, true);
});
