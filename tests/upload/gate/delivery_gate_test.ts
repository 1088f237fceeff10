import { assertEquals, assertInstanceOf } from "@std/assert";
import { AuthenticationError, ConnectionError } from "../../../src/errors.ts";
import { DeliveryGate } from "../../../src/upload/gate/delivery_gate.ts";
import { HostGate } from "../../../src/upload/gate/host_gate.ts";

const KEY = new AuthenticationError("https://host", "it is not known there");
const DENIED = new AuthenticationError("https://host", "permission denied", {
  isDenial: true,
});
const DOWN = new ConnectionError("https://host", "refused");

function gates() {
  const options = { baseMs: 1000, capMs: 8000, random: () => 1 };
  const make = () => new HostGate(options);
  const [host, key, otherKey] = [make(), make(), make()];
  const of = (key: HostGate) => new DeliveryGate({ host, key, node: make() });
  return { host, a: of(key), b: of(key), other: of(otherKey) };
}

Deno.test("what a key is denied pauses its own delivery, ever longer up to a limit, and no other", () => {
  const { host, a, b } = gates();
  let nowMs = 0;
  for (const pauseMs of [1000, 2000, 4000, 8000, 8000]) {
    assertEquals(a.tryEnter(nowMs), 0);
    a.failed(DENIED, nowMs);
    assertInstanceOf(a.trouble, AuthenticationError);
    assertEquals(a.tryEnter(nowMs), 1000, "to ask again then");
    assertEquals(a.tryEnter(nowMs + pauseMs - 1), 1);
    assertEquals([b.tryEnter(nowMs), b.trouble, host.isDown], [
      0,
      undefined,
      false,
    ]);
    nowMs += pauseMs;
  }
  assertEquals(a.tryEnter(nowMs), 0);
  a.succeeded();
  assertEquals([a.trouble, a.tryEnter(nowMs)], [undefined, 0]);
});

Deno.test("a key that is refused pauses all deliveries with it and no other, and is told and back once", () => {
  const { host, a, b, other } = gates();
  assertEquals([a.tryEnter(0), b.tryEnter(0)], [0, 0]);
  a.failed(KEY, 0);
  b.failed(KEY, 1);
  assertEquals([a.tryEnter(1), b.tryEnter(1)], [999, 999]);
  assertInstanceOf(b.trouble, AuthenticationError);
  assertEquals(
    [other.tryEnter(1), other.trouble, other.tellsTrouble(1), host.isDown],
    [0, undefined, false, false],
  );
  assertEquals([a.tellsTrouble(1), b.tellsTrouble(1)], [true, true]);
  assertEquals(b.tryEnter(1000), 0, "the probe");
  assertEquals(a.tryEnter(1000) > 0, true, "and nobody beside it");
  b.refused(KEY);
  assertEquals(
    [a.trouble?.name, a.takeRecovery(2000), a.takeRecovery(4000)],
    ["AuthenticationError", undefined, undefined],
    "a refusal for good is no sign that the key is good",
  );
  assertEquals(a.tryEnter(3000), 0);
  a.succeeded();
  assertEquals([a.takeRecovery(3000), b.takeRecovery(4000)], [undefined, {
    of: "key",
    awayMs: 3000,
  }]);
  assertEquals(a.takeRecovery(4000), undefined, "it was said");
});

Deno.test("deliveries with the same key to the same server share its gate, with other keys they do not", () => {
  const target = { host: `https://${crypto.randomUUID()}`, apiKey: "a" };
  const [one, same] = [new DeliveryGate(target), new DeliveryGate(target)];
  const other = new DeliveryGate({ ...target, apiKey: "b" });
  one.failed(KEY, 0);
  assertEquals([same.trouble, other.trouble], [KEY, undefined]);
});

Deno.test("a server that fails pauses all deliveries to it, and one of them asks again", () => {
  const { a, b } = gates();
  a.failed(DOWN, 0);
  assertEquals([a.tryEnter(0), b.tryEnter(0)], [1000, 1000]);
  assertInstanceOf(b.trouble, ConnectionError);
  assertEquals(b.tryEnter(1000), 0, "the probe");
  assertEquals(a.tryEnter(1000) > 0, true, "and nobody beside it");
  b.left();
  assertEquals(a.tryEnter(1000), 0);
});

Deno.test("an attempt that the server keeps out does not count as an attempt with the key", () => {
  const { host, a } = gates();
  a.failed(KEY, 0);
  host.failed(0, 5000);
  assertEquals(a.tryEnter(2000) > 0, true);
  assertEquals(a.tryEnter(5000), 0, "both are open, and the key is asked for");
});
