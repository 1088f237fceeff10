import { assertEquals, assertInstanceOf } from "@std/assert";
import { AuthenticationError, ConnectionError } from "../../src/errors.ts";
import { DeliveryGate } from "../../src/upload/delivery_gate.ts";
import { HostGate } from "../../src/upload/host_gate.ts";

const KEY = new AuthenticationError("https://host", "it is not known there");
const DOWN = new ConnectionError("https://host", "refused");

function gates() {
  const options = { baseMs: 1000, capMs: 8000, random: () => 1 };
  const host = new HostGate(options);
  const [a, b] = [0, 1].map(() =>
    new DeliveryGate(host, new HostGate(options))
  );
  if (a === undefined || b === undefined) throw new Error("no gates");
  return { host, a, b };
}

Deno.test("a key that is refused pauses its own delivery, ever longer up to a limit, and no other", () => {
  const { host, a, b } = gates();
  let nowMs = 0;
  for (const pauseMs of [1000, 2000, 4000, 8000, 8000]) {
    assertEquals(a.tryEnter(nowMs), 0);
    a.failed(KEY, nowMs);
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
