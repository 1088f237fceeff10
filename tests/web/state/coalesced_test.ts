import { assertEquals } from "@std/assert";
import { coalesced } from "../../../src/web/state/coalesced.ts";

Deno.test("coalesced() does at once what was not done lately, and then at most so often", () => {
  let now = 0;
  let waiting: { run: () => void; at: number } | undefined;
  const clock = {
    now: () => now,
    after: (run: () => void, ms: number) => {
      waiting = { run, at: now + ms };
      return () => waiting = undefined;
    },
  };
  const done: number[] = [];
  const { poke, cancel } = coalesced(() => done.push(now), 1000, clock);
  const passTo = (time: number): void => {
    now = time;
    if (waiting === undefined || waiting.at > now) return;
    const { run } = waiting;
    waiting = undefined;
    run();
  };
  poke();
  passTo(0);
  for (let time = 10; time <= 2500; time += 10) {
    passTo(time);
    poke();
  }
  assertEquals(done, [0, 1000, 2000]);
  cancel();
  passTo(9000);
  assertEquals(done, [0, 1000, 2000]);
});
