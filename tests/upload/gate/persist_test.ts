import { assertEquals, assertRejects } from "@std/assert";
import type { Clock } from "../../../src/aistore/backoff.ts";
import {
  AuthenticationError,
  ConnectionError,
  ResponseError,
} from "../../../src/errors.ts";
import { DeliveryGate } from "../../../src/upload/gate/delivery_gate.ts";
import { HostGate } from "../../../src/upload/gate/host_gate.ts";
import { doubtKey, persist } from "../../../src/upload/gate/persist.ts";

const HOST = "http://em.invalid";
const REFUSED = new AuthenticationError(HOST, "permission denied");

/** A time that passes while somebody waits. */
function clock(onWait: (nowMs: number) => void = () => {}): Clock {
  let nowMs = 0;
  return {
    now: () => nowMs,
    wait(ms) {
      nowMs += ms;
      onWait(nowMs);
      return Promise.resolve();
    },
  };
}

function gateAt(host: HostGate): DeliveryGate {
  return new DeliveryGate({ host, key: new HostGate(), node: new HostGate() });
}

Deno.test("persist() goes on within a second when another request has found that the server works again", async () => {
  const host = new HostGate({ baseMs: 30_000, random: () => 1 });
  host.failed(0);
  const { signal } = new AbortController();
  const time = clock((nowMs) => nowMs >= 5_000 && host.succeeded());
  const gate = gateAt(host);
  const atMs = await persist(() => Promise.resolve(time.now()), {
    gate,
    clock: time,
    signal,
  });
  assertEquals(atMs, 5_000);
});

Deno.test("doubtKey() tells a key that is refused from a node that is denied, by asking the server", async () => {
  const connection = new ConnectionError(HOST, "gone");
  const large = new ResponseError(HOST, "GET /", 413, "");
  const table = [
    ["the key is good", undefined, REFUSED, ["retryable", "rejected"]],
    ["the key is refused", REFUSED, REFUSED, ["retryable", "retryable"]],
    ["nobody answers", connection, REFUSED, ["retryable", "retryable"]],
    ["not of the key", REFUSED, connection, ["retryable", "retryable"]],
    ["not of the key, for good", REFUSED, large, ["rejected", "rejected"]],
  ] as const;
  for (const [name, problem, error, states] of table) {
    const judge = doubtKey({
      userInfo: () =>
        problem === undefined
          ? Promise.resolve({ preferred_username: "demo" })
          : Promise.reject(problem),
    });
    const judged = [await judge(error), await judge(error)];
    assertEquals(judged.map(({ state }) => state), [...states], name);
  }
});

Deno.test("persist() makes a request once more that was denied when the key is good, then gives up", async () => {
  const judge = doubtKey({
    userInfo: () => Promise.resolve({ preferred_username: "demo" }),
  });
  const { signal } = new AbortController();
  let requests = 0;
  await assertRejects(
    () =>
      persist(() => {
        requests++;
        return Promise.reject(REFUSED);
      }, {
        gate: gateAt(new HostGate()),
        clock: clock(),
        signal,
        judge,
      }),
    AuthenticationError,
  );
  assertEquals(requests, 2);
});
