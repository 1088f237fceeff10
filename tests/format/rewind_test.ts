import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DamagedFileError } from "../../src/errors.ts";
import {
  type Attempt,
  decodeAttempts,
  encodeAttempts,
  startsIn,
} from "../../src/format/attempts.ts";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";
import { limitsIn, parseRewound, Rewind } from "../../src/format/rewind.ts";

/** A metrics file that several attempts have written, and where the later ones begin. */
function written(attempts: readonly (readonly number[])[]) {
  const encode = createRecordEncoder(() => 0);
  const starts: number[] = [];
  let bytes = new Uint8Array();
  for (const [at, steps] of attempts.entries()) {
    if (at > 0) starts.push(bytes.length);
    for (const step of steps) {
      const record = encode({ attempt: at, loss: step / 7 }, step, null);
      const longer = new Uint8Array(bytes.length + record.length);
      longer.set(bytes);
      longer.set(record, bytes.length);
      bytes = longer;
    }
  }
  return { bytes, starts };
}

function read(attempts: readonly (readonly number[])[]): string[] {
  const { bytes, starts } = written(attempts);
  return parseRewound(bytes, starts).map(({ value, sequence }) =>
    `${value.attempt}:${sequence.step}`
  );
}

Deno.test("parseRewound() leaves out what a later attempt has recorded anew, and only that", () => {
  const cases: readonly [number[][], string][] = [
    [[[1, 2, 3]], "0:1 0:2 0:3"],
    [[[1, 2, 3], [3, 4]], "0:1 0:2 1:3 1:4"],
    [[[1, 2, 3], [2]], "0:1 1:2"],
    [[[1, 2, 3], []], "0:1 0:2 0:3"],
    [[[1, 2, 3], [4, 5]], "0:1 0:2 0:3 1:4 1:5"],
    [[[1, 2, 3], [], [2, 3], [3]], "0:1 2:2 3:3"],
    [[[1, 2, 3], [3, 4, 5], [5, 6]], "0:1 0:2 1:3 1:4 2:5 2:6"],
    [[[1, 2, 3], [3, 4], [2]], "0:1 2:2"],
    [[[], [1, 2]], "1:1 1:2"],
    // Within an attempt steps may go back.
    [[[5, 1, 2], [3, 1]], "0:1 0:2 1:3 1:1"],
  ];
  for (const [attempts, wanted] of cases) {
    assertEquals(read(attempts).join(" "), wanted, JSON.stringify(attempts));
  }
});

Deno.test("parseRewound() shows of rising steps each once, of the latest attempt that reached it", () => {
  const attempt = fc.record({
    from: fc.nat(40),
    length: fc.integer({ min: 1, max: 40 }),
  });
  fc.assert(fc.property(fc.array(attempt, { minLength: 1 }), (all) => {
    const steps = all.map(({ from, length }) =>
      Array.from({ length }, (_, at) => from + at)
    );
    const wanted = new Map<number, number>();
    for (const [at, list] of steps.entries()) {
      for (const step of [...wanted.keys()]) {
        if (step >= (list[0] ?? Infinity)) wanted.delete(step);
      }
      for (const step of list) wanted.set(step, at);
    }
    assertEquals(
      read(steps).sort(),
      [...wanted].map(([s, a]) => `${a}:${s}`).sort(),
    );
  }));
});

Deno.test("Rewind reads records longer than its first look", () => {
  const long = Object.fromEntries(
    Array.from({ length: 2000 }, (_, at) => [`metric_${at}`, at]),
  );
  const encode = createRecordEncoder(() => 0);
  const first = encode(long, 1, null).slice();
  const second = encode(long, 2, null).slice();
  const again = encode(long, 2, null).slice();
  const parts = [first, second, again];
  const bytes = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const starts = [first.length + second.length];
  const steps = parseRewound(bytes, starts).map(({ sequence }) =>
    sequence.step
  );
  assertEquals(steps, [1, 2]);
});

Deno.test("Rewind tells places and attempts apart", () => {
  const rewind = new Rewind([10, 10, 30], [5, NaN, 7]);
  assertEquals([0, 9, 10, 29, 30, 99].map((at) => rewind.attemptAt(at)), [
    0,
    0,
    2,
    2,
    3,
    3,
  ]);
  assertEquals([0, 10, 30].map((at) => rewind.nextStart(at)), [
    10,
    30,
    Infinity,
  ]);
  assertEquals([4, 5, NaN, "x"].map((step) => rewind.hides(0, step)), [
    false,
    true,
    false,
    false,
  ]);
  assertEquals([rewind.hides(2, 6), rewind.hides(2, 7), rewind.hides(3, 9)], [
    false,
    true,
    false,
  ]);
  assertEquals(new Rewind([10], [NaN]).isNothing, true);
  assertEquals(Rewind.NONE.signature, "");
});

Deno.test("decodeAttempts() reads what encodeAttempts() writes, and names what is wrong", () => {
  const attempts: readonly Attempt[] = [{
    attempt: 1,
    startTimestamp: "2026-11-23T08:21:18.167046+00:00",
    endTimestamp: "2026-11-23T08:22:18.167046+00:00",
    status: "Killed",
    pid: null,
    hostname: null,
    resumes: false,
    files: {},
  }, {
    attempt: 2,
    startTimestamp: "2026-11-23T08:23:18.167046+00:00",
    endTimestamp: null,
    status: "Running",
    pid: 4711,
    hostname: "worker-0",
    resumes: true,
    files: { "metrics/train.yaml": 328, "stdout.log": 0 },
  }];
  assertEquals(decodeAttempts(encodeAttempts(attempts)), attempts);
  assertEquals(startsIn(attempts, "metrics/train.yaml"), [328]);
  assertEquals(startsIn(attempts, "metrics/val.yaml"), [0]);
  // The load of the machine was what it was, whatever the clock says now.
  assertEquals(startsIn(attempts, "metrics/system.yaml"), []);
  assertEquals(startsIn(attempts, "ranks/1/metrics/system.yaml"), []);
  const [first, second] = attempts;
  const loaded = [first, { ...second, resumes: false }] as readonly Attempt[];
  assertEquals(startsIn(loaded, "metrics/train.yaml"), []);
  const wrong: readonly [string, RegExp][] = [
    ["a: 1", /must be a list/],
    ["- status: Running", /startTimestamp" is missing/],
    [
      encodeAttempts(attempts).replace("Killed", "Gone"),
      /\[0\].status" must be/,
    ],
  ];
  for (const [text, why] of wrong) {
    const error = assertThrows(() => decodeAttempts(text), DamagedFileError);
    assertEquals(why.test(error.message), true, error.message);
  }
});

Deno.test("limitsIn() reads from a signature from which step on each later attempt stands", () => {
  const cases: readonly [firstSteps: number[], limits: number[]][] = [
    [[], []],
    [[NaN], []],
    [[21, 41], [21, 41]],
    // The third went back further than the second.
    [[21, 11], [11, 11]],
    // The second has recorded nothing.
    [[NaN, 11.5, -1e21], [-1e21, -1e21, -1e21]],
    [[5, NaN], [5]],
  ];
  assertEquals(limitsIn(new Rewind([0, 0, 9], [3, 4, 7]).signature), [
    null,
    null,
    7,
  ]);
  for (const [firstSteps, limits] of cases) {
    const starts = firstSteps.map((_, at) => 100 * (at + 1));
    const { signature } = new Rewind(starts, firstSteps);
    assertEquals(limitsIn(signature), limits, signature);
  }
});
