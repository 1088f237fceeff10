import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  BODY_PATIENCE_MS,
  DOWNLOAD_PATIENCE_MS,
} from "../../../src/server/limits.ts";
import { ClientPace } from "../../../src/server/operations/client_pace.ts";
import { waitFor } from "../../support/wait_for.ts";

/** Whether a client that does `bytes` every `everyMs` for an hour is cut off, and after how long. */
function cutAfterMs(
  patienceMs: number,
  { bytes, everyMs }: { bytes: number; everyMs: number },
): number | undefined {
  let now = 0;
  const pace = new ClientPace({ patienceMs, now: () => now });
  const watch = pace.watch(() => {});
  try {
    watch.waiting();
    for (let next = everyMs; now < 3_600_000; now += 500) {
      if (watch.isSpent(now)) return now;
      if (now < next) continue;
      next += everyMs;
      watch.moved(bytes);
      watch.waiting();
    }
    return undefined;
  } finally {
    watch.moved(0);
  }
}

Deno.test("ClientPace lets links of 20 kB/s and much slower ones go on, and cuts off who trickles", () => {
  const body = BODY_PATIENCE_MS;
  const goOn: [number, { bytes: number; everyMs: number }][] = [
    [body, { bytes: 20_000, everyMs: 1000 }],
    // One of 16 uploads over such a link.
    [body, { bytes: 1250, everyMs: 1000 }],
    // A link that is gone for most of a minute, again and again.
    [body, { bytes: 65_536, everyMs: 55_000 }],
    // What the system asks for at 20 kB/s, once its buffer of 4 MiB has room again.
    [DOWNLOAD_PATIENCE_MS, { bytes: 65_536, everyMs: 80_000 }],
  ];
  for (const [patience, client] of goOn) {
    assertEquals(
      cutAfterMs(patience, client),
      undefined,
      JSON.stringify(client),
    );
  }
  const cut: [number, { bytes: number; everyMs: number }, number][] = [
    [body, { bytes: 0, everyMs: 1e9 }, 61_000],
    [body, { bytes: 1, everyMs: 1000 }, 62_000],
    [body, { bytes: 256, everyMs: 1000 }, 125_000],
    [DOWNLOAD_PATIENCE_MS, { bytes: 0, everyMs: 1e9 }, 301_000],
  ];
  for (const [patience, client, atMostMs] of cut) {
    const after = cutAfterMs(patience, client);
    assert(after !== undefined && after <= atMostMs, `${after}`);
  }
});

Deno.test("ClientPace cuts off once, counts it, and charges nothing while the server is busy", async () => {
  let now = 0;
  let cuts = 0;
  const pace = new ClientPace({ patienceMs: 50, now: () => now });
  const watch = pace.watch(() => cuts++);
  watch.waiting();
  now = 40;
  watch.moved(0);
  now = 1000;
  watch.waiting();
  now = 1009;
  assertFalse(watch.isSpent(now));
  now = 1011;
  await waitFor("the cut", () => watch.isCut || undefined);
  watch.waiting();
  now = 5000;
  assertEquals([cuts, pace.cutOff], [1, 1]);
});

Deno.test("a ClientPace that is over looks after nobody, also not after who is waited for later", () => {
  const pace = new ClientPace({ patienceMs: 100 });
  pace.watch(() => {}).waiting();
  pace[Symbol.dispose]();
  // A timer that goes on would be a leak, which ends the test.
  pace.watch(() => {}).waiting();
});
