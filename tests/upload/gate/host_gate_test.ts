import { assertEquals } from "@std/assert";
import { HostGate } from "../../../src/upload/gate/host_gate.ts";

function gate(): HostGate {
  return new HostGate({ baseMs: 1000, capMs: 30_000, random: () => 1 });
}

Deno.test("a HostGate lets everybody through until a request fails, then one after each pause", () => {
  const host = gate();
  assertEquals([host.tryEnter(0), host.tryEnter(0)], [0, 0]);
  host.failed(0);
  assertEquals([host.isDown, host.tryEnter(0), host.tryEnter(400)], [
    true,
    1000,
    600,
  ]);
  assertEquals(host.tryEnter(1000), 0, "the probe");
  assertEquals(host.tryEnter(1000) > 0, true, "and nobody beside it");
  host.failed(1100);
  assertEquals(host.tryEnter(1100), 2000, "the next pause is twice as long");
  assertEquals(host.tryEnter(3100), 0);
  host.succeeded();
  assertEquals([host.isDown, host.tryEnter(3200), host.tryEnter(3200)], [
    false,
    0,
    0,
  ]);
});

Deno.test("requests that fail together are one failure", () => {
  const host = gate();
  for (let i = 0; i < 4; i++) host.failed(10 + i);
  assertEquals(host.tryEnter(1010), 0);
});

Deno.test("a HostGate keeps the time that the server asked for, whoever hurries", () => {
  const host = gate();
  host.failed(0, 5000);
  host.hurry();
  assertEquals(host.tryEnter(0), 5000);
  assertEquals(host.tryEnter(5000), 0);
  host.failed(5000);
  host.hurry();
  assertEquals(host.tryEnter(5000), 0, "a pause of its own is cut short");
  host.left();
  assertEquals(
    host.tryEnter(5000),
    0,
    "a probe that was given up makes room for the next",
  );
});

Deno.test("a HostGate keeps that time when a request that was under way succeeds meanwhile", () => {
  const host = gate();
  host.failed(0, 5000);
  host.succeeded();
  assertEquals([host.isDown, host.tryEnter(1000)], [false, 4000]);
  assertEquals(host.tryEnter(5000), 0);
});

Deno.test("a HostGate has each outage told once, with its length, but no moment's trouble after the first", () => {
  const host = gate();
  const recovery = (nowMs: number) => {
    host.succeeded();
    const times = [nowMs, nowMs + 999, nowMs + 1000, nowMs + 1001];
    return times.map((ms) => host.takeRecovery(ms)).filter((ms) =>
      ms !== undefined
    );
  };
  assertEquals(host.tellsTrouble(0), false);
  assertEquals(recovery(0), [], "it was never away");
  host.failed(1000);
  assertEquals(host.tellsTrouble(1000), true);
  host.failed(3000);
  assertEquals(recovery(4000), [3000]);
  host.failed(10_000);
  assertEquals(host.tellsTrouble(14_000), false);
  assertEquals(recovery(14_500), [], "a moment");
  host.failed(20_000);
  host.failed(25_000);
  assertEquals(host.tellsTrouble(25_000), true);
  // One that had begun before succeeds, and the outage goes on.
  host.succeeded();
  assertEquals(host.takeRecovery(26_000), undefined);
  host.failed(26_500);
  assertEquals(recovery(50_000), [30_000]);
});
