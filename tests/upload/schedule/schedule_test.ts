import { assertEquals, assertLess, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import {
  decide,
  DOCUMENT_BYTES,
  type ScheduleInput,
} from "../../../src/upload/schedule/schedule.ts";
import {
  ALLOWANCE_BYTES,
  APPEND_ALLOWANCE_BYTES,
  RESERVE_BYTES,
} from "../../../src/upload/schedule/send_budget.ts";
import {
  DOCUMENTS,
  growing,
  rewritten,
  type SimulatedFile,
  simulateRun,
} from "../support/simulated_run.ts";

const MINUTE_MS = 60_000;
const INPUT: ScheduleInput = {
  sizeBytes: 1000,
  storedBytes: 0,
  canAppend: false,
  wasSent: true,
  budgetBytes: 1e9,
  sinceSentMs: Infinity,
  quietMs: 0,
  dirtyMs: 0,
  finished: false,
};
const SEND = { send: true, plan: {} } as const;
const NEVER = { send: false, waitMs: Infinity } as const;

interface Shape {
  readonly name: string;
  readonly files: readonly SimulatedFile[];
  readonly endMs: number;
}

/** What runs look like. */
const SHAPES: readonly Shape[] = [
  shape("10 records a second", 10, growing("m", 10)),
  shape("10 records a second for 3 hours", 180, growing("m", 10)),
  shape("a record a second", 60, growing("m", 1, 93)),
  shape("a record every 10 seconds", 60, growing("m", 0.1, 93)),
  shape(
    "20 files with a record every 5 seconds",
    20,
    ...Array.from({ length: 20 }, (_, at) => growing(`m${at}`, 0.2, 93)),
  ),
  shape("100 records a second", 10, growing("m", 100)),
  shape("a million records", 10, growing("m", 10_000, 160)),
  shape("a burst every 30 s", 30, {
    key: "m",
    sizeAt: (ms) => 90 + 90_000 * Math.floor(ms / 30_000),
  }),
  shape("much at first, then nothing for long", 60, {
    key: "m",
    sizeAt: (ms) => 9000 * Math.min(100, ms / 1000),
  }),
  shape(
    "metrics, output and validation",
    30,
    growing("m", 10),
    growing("val", 0.1),
    growing("stdout.log", 1, 40),
  ),
  shape(
    "metrics and a checkpoint that stays",
    30,
    growing("m", 10),
    { key: "c", sizeAt: (ms) => ms < 4 * MINUTE_MS ? 0 : 50_000_000 },
  ),
];

function shape(
  name: string,
  minutes: number,
  ...files: readonly SimulatedFile[]
): Shape {
  return {
    name,
    files: [...DOCUMENTS, ...files],
    endMs: minutes * MINUTE_MS,
  };
}

/** What a run of files that grow may cost where nothing can be appended. */
function boundOf(finalBytes: number): number {
  return Math.max(2 * finalBytes, finalBytes + ALLOWANCE_BYTES + RESERVE_BYTES);
}

Deno.test("10 minutes with 10 records a second cost at most twice the files, with a server that appends 1.1 times", () => {
  const [run] = SHAPES;
  if (run === undefined) throw new Error("no shape");
  for (const [canAppend, most] of [[false, 2], [true, 1.1]] as const) {
    const cost = simulateRun(run.files, { endMs: run.endMs, canAppend });
    assertLessOrEqual(cost.sentBytes / cost.finalBytes, most);
    // Whenever it ends, from the first 300 KB on.
    const later = [...cost.ratios].filter(([ms]) => ms > 6 * MINUTE_MS);
    for (const [ms, ratio] of later) assertLessOrEqual(ratio, most, `${ms}`);
  }
});

Deno.test("10 minutes with a record a second cost at most twice the files, and the server is seconds behind at first", () => {
  const metrics = growing("m", 1, 93);
  const files = [...DOCUMENTS, metrics];
  const endMs = 10 * MINUTE_MS;
  const cost = simulateRun(files, { endMs, canAppend: false });
  assertLessOrEqual(cost.sentBytes / cost.finalBytes, 2);
  const [first = NaN, second = NaN, third = NaN] = cost.behindMs.get("m") ?? [];
  assertLessOrEqual(first, 30_000);
  assertLessOrEqual(second, 60_000);
  assertLessOrEqual(third, 100_000);
  const short = simulateRun(files, { endMs: 20_000, canAppend: false });
  assertLessOrEqual(short.behindMs.get("m")?.[0] ?? NaN, 3_000);
});

Deno.test("runs of many shapes cost no more than the bound says, whenever they end", () => {
  for (const { name, files, endMs } of SHAPES) {
    for (const canAppend of [false, true]) {
      const { ratios } = simulateRun(files, { endMs, canAppend });
      for (const [ms, ratio] of ratios) {
        const size = files.reduce((sum, file) => sum + file.sizeAt(ms), 0);
        const bound = canAppend
          ? 1.05 * size + APPEND_ALLOWANCE_BYTES
          : boundOf(size);
        assertLessOrEqual(ratio * size, bound, `${name} at ${ms} ms`);
      }
    }
  }
});

Deno.test("the bound holds for whatever grows at whatever pace for however long", () => {
  const runs = fc.record({
    recordsPerSecond: fc.oneof(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0.02, max: 1, noNaN: true }),
    ),
    recordBytes: fc.integer({ min: 20, max: 2000 }),
    seconds: fc.integer({ min: 10, max: 3000 }),
  });
  fc.assert(
    fc.property(runs, ({ recordsPerSecond, recordBytes, seconds }) => {
      const file = growing("m", recordsPerSecond, recordBytes);
      const endMs = seconds * 1000;
      const plain = simulateRun([file], { endMs, canAppend: false });
      assertLessOrEqual(plain.sentBytes, boundOf(plain.finalBytes));
      const appending = simulateRun([file], { endMs, canAppend: true });
      assertEquals(appending.sentBytes, appending.finalBytes);
    }),
    { numRuns: 60, seed: 2 },
  );
});

Deno.test("where nothing can be appended, a seventh of a file that grows is always there", () => {
  for (const { name, files, endMs } of SHAPES.slice(0, 3)) {
    const { leastShare } = simulateRun(files, { endMs, canAppend: false });
    assertLess(0.14, leastShare.get("m") ?? 0, name);
  }
});

Deno.test("where files can be appended to, the server is a second behind", () => {
  for (const { name, files, endMs } of SHAPES.slice(0, 3)) {
    const { lagMs } = simulateRun(files, { endMs, canAppend: true });
    assertLessOrEqual(lagMs.get("m") ?? 0, 1250, name);
  }
});

Deno.test("a small document that changes now and then is there within seconds", () => {
  for (const canAppend of [false, true]) {
    const files = [growing("m", 10), rewritten("status.json", 1000, 30_000)];
    const { lagMs } = simulateRun(files, {
      endMs: 20 * MINUTE_MS,
      canAppend,
    });
    assertLessOrEqual(lagMs.get("status.json") ?? 0, 5000, `${canAppend}`);
  }
});

Deno.test("a document that changes all the time goes at least once a minute, for ever", () => {
  for (const canAppend of [false, true]) {
    const files = [rewritten("status.json", 5000, 1000)];
    const { requests } = simulateRun(files, {
      endMs: 120 * MINUTE_MS,
      canAppend,
    });
    assertLessOrEqual(118, requests, `${canAppend}`);
    assertLess(requests, 150, `${canAppend}`);
  }
});

Deno.test("of a file that the server can append to, the end goes once a second", () => {
  const input = { ...INPUT, canAppend: true, storedBytes: 500, budgetBytes: 0 };
  assertEquals(decide({ ...input, sinceSentMs: 300 }), {
    send: false,
    waitMs: 700,
  });
  for (const sizeBytes of [1000, 1e9]) {
    const tail = { send: true, plan: { tailOnly: true } } as const;
    assertEquals(decide({ ...input, sizeBytes, sinceSentMs: 1000 }), tail);
  }
});

Deno.test("a document goes at most once a second, and 4 KiB a second, the less budget the less often", () => {
  const table: [Partial<ScheduleInput>, number][] = [
    [{}, 1000],
    [{ sizeBytes: DOCUMENT_BYTES }, 4000],
    [{ budgetBytes: 3000, canAppend: true }, 2000],
    [{ budgetBytes: 3000 - RESERVE_BYTES }, 2000],
    [{ budgetBytes: 999 - RESERVE_BYTES }, 60_000],
    [{ budgetBytes: -1e9 }, 60_000],
  ];
  for (const [more, intervalMs] of table) {
    const input = { ...INPUT, ...more };
    const label = JSON.stringify(more);
    const early = decide({ ...input, sinceSentMs: intervalMs * 0.9 });
    assertEquals(early.send, false, label);
    assertEquals(
      decide({ ...input, sinceSentMs: intervalMs + 1 }),
      SEND,
      label,
    );
  }
});

Deno.test("a document that grows goes when it has grown enough for what is left of the budget, up to twice its size", () => {
  const grown = { ...INPUT, sizeBytes: 1000, storedBytes: 990 };
  const table: [Partial<ScheduleInput>, unknown][] = [
    [{}, SEND],
    [{ sinceSentMs: 400 }, { send: false, waitMs: 600 }],
    [{ budgetBytes: 4000 }, NEVER],
    [{ budgetBytes: 4000, storedBytes: 801 }, NEVER],
    [{ budgetBytes: 4000, storedBytes: 800 }, SEND],
    [{ budgetBytes: 0, storedBytes: 501 }, NEVER],
    [{ budgetBytes: 0, storedBytes: 500 }, SEND],
    [{ budgetBytes: 1000 - RESERVE_BYTES, storedBytes: 500 }, SEND],
    [{ budgetBytes: 999 - RESERVE_BYTES, storedBytes: 1 }, NEVER],
  ];
  for (const [more, wanted] of table) {
    assertEquals(decide({ ...grown, ...more }), wanted, JSON.stringify(more));
  }
});

Deno.test("a larger file goes for the first time when it has come to rest, or after a while", () => {
  const first = { ...INPUT, wasSent: false, budgetBytes: 0 };
  const table: [number, number, number][] = [
    [100_000, 500, 3000],
    [5_000_000, 2000, 5000],
    [500_000_000, 2000, 30_000],
  ];
  for (const [sizeBytes, quietMs, dirtyMs] of table) {
    const input = { ...first, sizeBytes };
    const label = `${sizeBytes}`;
    assertEquals(decide({ ...input, quietMs: 100, dirtyMs: 100 }), {
      send: false,
      waitMs: quietMs - 100,
    }, label);
    assertEquals(decide({ ...input, quietMs, dirtyMs: quietMs }), SEND, label);
    assertEquals(decide({ ...input, dirtyMs }), SEND, label);
  }
});

Deno.test("a file that grows goes as far as the budget allows, when that doubles what is there", () => {
  const grown = { ...INPUT, sizeBytes: 400_000, storedBytes: 100_000 };
  const table: [Partial<ScheduleInput>, unknown][] = [
    [{ budgetBytes: 199_999 }, NEVER],
    [{ budgetBytes: 200_000 }, { send: true, plan: { limitBytes: 200_000 } }],
    [{ budgetBytes: 400_000 }, SEND],
    [{ budgetBytes: 4e9 }, SEND],
    [{ budgetBytes: 400_000, storedBytes: 201_000 }, NEVER],
    [{ budgetBytes: 4e9, storedBytes: 390_000 }, SEND],
    [{ sinceSentMs: 500 }, { send: false, waitMs: 1500 }],
  ];
  for (const [more, wanted] of table) {
    assertEquals(decide({ ...grown, ...more }), wanted, JSON.stringify(more));
  }
});

Deno.test("a checkpoint that is overwritten goes if the budget allows for all of it, and at the end", () => {
  const sizeBytes = 50_000_000;
  const input = { ...INPUT, sizeBytes, quietMs: 1e6, sinceSentMs: 1e6 };
  assertEquals(decide(input), SEND);
  assertEquals(decide({ ...input, budgetBytes: sizeBytes - 1 }), NEVER);
  assertEquals(
    decide({ ...input, budgetBytes: -1, finished: true }),
    SEND,
  );
});
