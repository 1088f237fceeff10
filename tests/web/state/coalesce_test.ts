import { assertEquals } from "@std/assert";
import { FakeTime } from "../support/fake_time.ts";
import { coalesce } from "../../../src/web/state/coalesce.ts";

Deno.test("coalesce() acts at once, then at most once in a while, and once more at the end", () => {
  using time = new FakeTime();
  let acts = 0;
  const { ask, stop } = coalesce(() => acts++, 1000);
  ask();
  assertEquals(acts, 1);
  for (let i = 0; i < 50; i++) {
    time.pass(100);
    ask();
  }
  assertEquals(acts, 6);
  time.pass(1000);
  assertEquals(acts, 7, "what was asked for last is done");
  time.pass(10_000);
  assertEquals(acts, 7);
  ask();
  assertEquals(acts, 8);
  ask();
  stop();
  time.pass(10_000);
  ask();
  assertEquals(acts, 8);
});
