import {
  assert,
  assertEquals,
  assertLess,
  assertLessOrEqual,
} from "@std/assert";
import fc from "fast-check";
import {
  ALLOWANCE_BYTES,
  BULKY_BYTES,
  decide,
  DOCUMENT_BYTES,
  type ScheduleInput,
} from "../../src/upload/schedule.ts";

const INPUT: ScheduleInput = {
  sentBytes: 0,
  sizeBytes: 1000,
  sinceSentMs: Infinity,
  quietMs: 0,
  dirtyMs: 0,
  finished: false,
};

interface Logging {
  readonly recordsPerSecond: number;
  readonly recordBytes: number;
  readonly seconds: number;
}

interface Course {
  /** Bytes sent over the file's final size. */
  readonly ratio: number;
  readonly sentBytes: number;
  readonly finalBytes: number;
  /** The longest time that a change waited while the file was a document. */
  readonly documentLagMs: number;
  /** The smallest part of the file that the server had, from its first MiB on. */
  readonly leastPart: number;
}

/** Follows a file that grows record by record, looking at it four times a second. */
function simulate({ recordsPerSecond, recordBytes, seconds }: Logging): Course {
  const lookMs = 250;
  const endMs = seconds * 1000;
  let [sentBytes, sentSize, sentAtMs, changedAtMs, dirtySinceMs, sizeBytes] = [
    0,
    0,
    -Infinity,
    0,
    0,
    0,
  ];
  let [documentLagMs, leastPart] = [0, 1];
  for (let nowMs = 0; nowMs < endMs; nowMs += lookMs) {
    const size = Math.floor(nowMs * recordsPerSecond / 1000) * recordBytes;
    if (size !== sizeBytes) {
      changedAtMs = nowMs;
      if (sentSize === sizeBytes) dirtySinceMs = nowMs;
      sizeBytes = size;
    }
    if (sizeBytes === sentSize) continue;
    if (sizeBytes <= DOCUMENT_BYTES) {
      documentLagMs = Math.max(documentLagMs, nowMs - dirtySinceMs);
    }
    const sinceSentMs = nowMs - sentAtMs;
    const quietMs = nowMs - changedAtMs;
    const dirtyMs = nowMs - dirtySinceMs;
    if (
      decide({
        sentBytes,
        sizeBytes,
        sinceSentMs,
        quietMs,
        dirtyMs,
        finished: false,
      }).send
    ) {
      sentBytes += sizeBytes;
      [sentSize, sentAtMs, dirtySinceMs] = [sizeBytes, nowMs, nowMs];
    }
    if (sizeBytes > BULKY_BYTES) {
      leastPart = Math.min(leastPart, sentSize / sizeBytes);
    }
  }
  const finalBytes = seconds * recordsPerSecond * recordBytes;
  if (sentSize !== finalBytes) sentBytes += finalBytes;
  return {
    ratio: sentBytes / finalBytes,
    sentBytes,
    finalBytes,
    documentLagMs,
    leastPart,
  };
}

Deno.test("10 minutes of logging cost at most twice the file", () => {
  const { ratio, leastPart } = simulate({
    recordsPerSecond: 100,
    recordBytes: 160,
    seconds: 600,
  });
  assertLessOrEqual(ratio, 2);
  assert(leastPart > 0.1, `${leastPart}`);
});

Deno.test("the documented bound holds whatever is logged for however long", () => {
  const logging = fc.record({
    recordsPerSecond: fc.integer({ min: 1, max: 1000 }),
    recordBytes: fc.integer({ min: 20, max: 2000 }),
    seconds: fc.integer({ min: 10, max: 2000 }),
  });
  fc.assert(
    fc.property(logging, (course) => {
      const { sentBytes, finalBytes, documentLagMs } = simulate(course);
      const asDocument = 4096 *
          Math.ceil(
            DOCUMENT_BYTES / (course.recordsPerSecond * course.recordBytes) + 1,
          ) +
        DOCUMENT_BYTES;
      assertLessOrEqual(
        sentBytes,
        2.2 * finalBytes + Math.max(ALLOWANCE_BYTES, asDocument),
      );
      assertLessOrEqual(documentLagMs, 4500);
    }),
    { numRuns: 100, seed: 2 },
  );
});

Deno.test("over all moments to end, 10 to 20 minutes of logging cost 1.6 times the file on average", () => {
  let sum = 0;
  let count = 0;
  for (let seconds = 600; seconds <= 1200; seconds += 10, count++) {
    sum += simulate({ recordsPerSecond: 100, recordBytes: 160, seconds }).ratio;
  }
  assertLess(sum / count, 1.75);
});

Deno.test("a small document that is rewritten all the time is never more than 4 s behind", () => {
  for (const sizeBytes of [10, 2000, DOCUMENT_BYTES]) {
    const decision = decide({
      ...INPUT,
      sizeBytes,
      sentBytes: 1e9,
      sinceSentMs: 4000,
    });
    assertEquals(decision, { send: true }, `${sizeBytes}`);
  }
});

Deno.test("nothing goes more often than once a second, a document of 16 KiB every 4 s", () => {
  assertEquals(decide({ ...INPUT, sinceSentMs: 300 }), {
    send: false,
    waitMs: 700,
  });
  assertEquals(
    decide({ ...INPUT, sizeBytes: DOCUMENT_BYTES, sinceSentMs: 1000 }),
    { send: false, waitMs: 3000 },
  );
  assertEquals(decide({ ...INPUT, sizeBytes: 100_000, sinceSentMs: 300 }), {
    send: false,
    waitMs: 700,
  });
});

Deno.test("a large file that is being written is left to come to rest, but not for ever", () => {
  const sizeBytes = 500_000_000;
  assertEquals(decide({ ...INPUT, sizeBytes, quietMs: 500, dirtyMs: 800 }), {
    send: false,
    waitMs: 1500,
  });
  assertEquals(decide({ ...INPUT, sizeBytes, quietMs: 2000, dirtyMs: 2300 }), {
    send: true,
  });
  assertEquals(decide({ ...INPUT, sizeBytes, quietMs: 10, dirtyMs: 30_000 }), {
    send: true,
  });
});

Deno.test("a checkpoint that is overwritten again and again goes at the beginning and at the end", () => {
  const rewritten = {
    ...INPUT,
    sizeBytes: 50_000_000,
    sentBytes: 50_000_000,
    sinceSentMs: 1e6,
    quietMs: 1e6,
  };
  assertEquals(decide(rewritten), { send: false, waitMs: Infinity });
  assertEquals(decide({ ...rewritten, finished: true }), { send: true });
});
