import { assertEquals, assertLess } from "@std/assert";
import { Pace, paceOf } from "../../src/aistore/pace.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

Deno.test("a body of 1 MiB that hangs is given up after 16 s more than a request without a body", () => {
  const pace = new Pace();
  assertEquals(
    [0, 10 * KIB, 64 * KIB, MIB, 100 * MIB].map((size) => pace.heldMs(size)),
    [0, 1_000, 1_000, 16_000, 16_000],
  );
});

Deno.test("bodies that do not arrive in time get twice as long the next time, as far as a slow network needs it", () => {
  const pace = new Pace();
  const limits: number[] = [];
  for (let round = 0; round < 6; round++) {
    const { bytesPerSecond } = pace;
    limits.push(pace.heldMs(MIB) / 1000);
    // Four were under way, and small ones.
    for (const bytes of [MIB, MIB, MIB, MIB, 500, 0]) {
      pace.timedOut(bytes, bytesPerSecond);
    }
  }
  assertEquals(limits, [16, 32, 64, 128, 256, 256]);
  pace.arrived(1000, 1);
  assertEquals(pace.heldMs(MIB), 256_000, "a small one tells nothing");
  pace.arrived(MIB, 1000);
  assertEquals(pace.heldMs(MIB), 16_000, "the network is fast again");
});

Deno.test("on a link of 20 kB/s one attempt fails at most, also when four share it", () => {
  const linkBytesPerMs = 20;
  const baseMs = 30_000;
  const pace = new Pace();
  const tryOnce = (together: number): boolean => {
    const { bytesPerSecond } = pace;
    const neededMs = together * MIB / linkBytesPerMs;
    if (neededMs <= baseMs + pace.heldMs(MIB)) {
      pace.arrived(MIB, neededMs);
      return true;
    }
    for (let i = 0; i < together; i++) pace.timedOut(MIB, bytesPerSecond);
    return false;
  };
  // After a failure one asks alone, before the others go on.
  assertEquals([4, 1, 4, 4].map(tryOnce), [false, true, true, true]);
});

Deno.test("a large body shows how slow the network is while it goes out, so that its end is waited for", () => {
  const pace = new Pace();
  pace.wentOut(32 * KIB, 60_000);
  assertEquals(pace.heldMs(MIB), 16_000, "too little to tell");
  pace.wentOut(2 * MIB, 100);
  assertEquals(pace.heldMs(MIB), 16_000, "the system took it at once");
  pace.wentOut(2 * MIB, 100_000);
  assertLess(MIB / (2 * MIB / 100), pace.heldMs(MIB));
  const slowMs = pace.heldMs(MIB);
  pace.wentOut(3 * MIB, 100_001);
  assertEquals(pace.heldMs(MIB), slowMs, "nothing was answered yet");
});

Deno.test("all requests to a server share what is known of the way to it", () => {
  assertEquals(paceOf("https://a") === paceOf("https://a"), true);
  assertEquals(paceOf("https://a") === paceOf("https://b"), false);
});
