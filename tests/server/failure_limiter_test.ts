import { assert, assertEquals } from "@std/assert";
import { FailureLimiter } from "../../src/server/failure_limiter.ts";
import {
  FAILED_KEYS_BURST,
  FAILED_KEYS_INTERVAL_MS,
  REMEMBERED_ADDRESSES,
} from "../../src/server/limits.ts";
import { openFixture } from "./support/fixture.ts";

const WHAT = "GET /oauth2/userinfo";

Deno.test("an address that failed often waits for as long as it is told, and no longer", () => {
  let time = 1e12;
  const limiter = new FailureLimiter(() => new Date(time));
  for (let i = 0; i < FAILED_KEYS_BURST; i++) {
    assertEquals(limiter.waitMs("a", "hash"), 0, `${i}`);
    limiter.failed("a");
  }
  assertEquals(limiter.waitMs("a", "hash"), FAILED_KEYS_INTERVAL_MS);
  assertEquals(limiter.waitMs("b", "hash"), 0);
  time += FAILED_KEYS_INTERVAL_MS - 1;
  assertEquals(limiter.waitMs("a", "hash"), 1);
  time += 1;
  assertEquals(limiter.waitMs("a", "hash"), 0);
  limiter.failed("a");
  assertEquals(limiter.waitMs("a", "hash"), FAILED_KEYS_INTERVAL_MS);
  // A clock that is set back does not lengthen it.
  time -= 1e9;
  assertEquals(limiter.waitMs("a", "hash"), FAILED_KEYS_INTERVAL_MS);
  time += FAILED_KEYS_INTERVAL_MS;
  assertEquals(limiter.waitMs("a", "hash"), 0);
  time += 1e9 + FAILED_KEYS_INTERVAL_MS * FAILED_KEYS_BURST * 2;
  for (let i = 0; i < FAILED_KEYS_BURST; i++) limiter.failed("a");
  assert(limiter.waitMs("a", "hash") > 0);
});

Deno.test("a key that was good at an address before does not wait for what others there do", () => {
  const limiter = new FailureLimiter(() => new Date(0));
  limiter.succeeded("a", "good");
  for (let i = 0; i <= FAILED_KEYS_BURST; i++) limiter.failed("a");
  assertEquals(limiter.waitMs("a", "good"), 0);
  assert(limiter.waitMs("a", "other") > 0);
  for (let i = 0; i <= FAILED_KEYS_BURST; i++) limiter.failed("b");
  assert(limiter.waitMs("b", "good") > 0);
});

Deno.test("of more addresses than are remembered those are forgotten that failed longest ago", () => {
  const limiter = new FailureLimiter(() => new Date(0));
  const fail = (address: string) => {
    for (let i = 0; i < FAILED_KEYS_BURST; i++) limiter.failed(address);
  };
  fail("first");
  fail("second");
  for (let i = 0; i < REMEMBERED_ADDRESSES - 1; i++) limiter.failed(`${i}`);
  assertEquals(limiter.waitMs("first", "x"), 0);
  assert(limiter.waitMs("second", "x") > 0);
});

Deno.test("unknown keys are refused as always at first, then with 429 and Retry-After; known ones go on", async () => {
  using server = openFixture();
  const ask = (apikey: string) =>
    server.call(WHAT, { user: null, query: { apikey } });
  assertEquals((await ask(server.keys.demo)).status, 200);
  for (let i = 0; i < FAILED_KEYS_BURST; i++) {
    const answer = await ask(crypto.randomUUID());
    assertEquals(answer.status, 400);
    assert((await answer.text()).endsWith("not found\n"));
  }
  const answer = await ask(crypto.randomUUID());
  assertEquals(
    [answer.status, answer.headers.get("retry-after"), await answer.text()],
    [
      429,
      "3",
      "too many unknown API keys from this address: try again in 3 s",
    ],
  );
  assertEquals((await ask(server.keys.demo)).status, 200);
  // Eve has not been here before.
  assertEquals((await ask(server.keys.eve)).status, 429);
  server.time = new Date(server.time.getTime() + FAILED_KEYS_INTERVAL_MS);
  assertEquals((await ask(server.keys.eve)).status, 200);
});
