import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import {
  type ParsedMetrics,
  parseMetrics,
  scanMetrics,
} from "../../src/format/metric_reader.ts";
import { formatTimestamp } from "../../src/format/timestamp.ts";
import { encodeRecords } from "./encode_records.ts";
import { parsedFixtures, readFixture } from "./fixtures.ts";
import { metricRecords } from "./metric_records.ts";
import { fingerprint, fromTyped } from "./typed_value.ts";

const encoder = new TextEncoder();
const TIMESTAMP = formatTimestamp(1_795_422_076_752_957);

function parse(text: string): ParsedMetrics {
  return parseMetrics(encoder.encode(text));
}

const metricFiles = parsedFixtures()
  .filter((path) => path.includes("/metrics/") && !path.startsWith("c22"));

Deno.test("parseMetrics() reads every metrics file of the Python SDK as PyYAML does", () => {
  assert(metricFiles.length >= 14);
  for (const path of metricFiles) {
    const text = readFixture(path);
    const { records, ...rest } = parse(text);
    const expected = fromTyped(
      JSON.parse(readFixture(`_parsed/${path}.json`)).ok,
    );
    assertEquals(fingerprint(records), fingerprint(expected), path);
    assertEquals(rest, { count: records.length, goodBytes: text.length });
  }
});

Deno.test("parseMetrics() reads back every record that an encoder writes", () => {
  fc.assert(
    fc.property(fc.array(metricRecords, { maxLength: 6 }), (records) => {
      const text = encodeRecords(records);
      const parsed = parse(text);
      assertEquals(parsed.problem, undefined);
      assertEquals(parsed.goodBytes, encoder.encode(text).length);
      assertEquals(fingerprint(parsed.records), fingerprint(records));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("parseMetrics() keeps NaN, infinities, negative zero and the smallest number", () => {
  const values = [
    NaN,
    Infinity,
    -Infinity,
    -0,
    0,
    5e-324,
    1.7976931348623157e308,
    0.1 + 0.2,
    123456789012345680,
  ];
  const records = values.map((value, step) => ({
    value: { a: value, b: -value },
    sequence: { epoch: null, step, timestamp: TIMESTAMP },
  }));
  assertEquals(
    fingerprint(parse(encodeRecords(records)).records),
    fingerprint(records),
  );
});

Deno.test("parseMetrics() reads whole records and nothing else from a file cut at any byte", () => {
  const texts = [
    readFixture(
      "c07_metrics/runs/metrics_261123_082116_5iqr1l/metrics/custom.yaml",
    ),
    readFixture(
      "c22_torn_metrics/runs/torn_261123_084324_opfvnn/metrics/val.yaml",
    ),
    "# notes\n\n" +
    "- {value: {loss: 1}, sequence: {epoch: null, step: 1, timestamp: 'a'}}\n" +
    "- value: # odd\n    ? k\n    : 10.5\n  sequence:\n    epoch: 12\n    step: 13\n    timestamp: '14'\n",
  ];
  for (const text of texts) {
    const bytes = encoder.encode(text);
    const whole = parseMetrics(bytes);
    const ends = whole.records.map((_, index) => endOfItem(text, index));
    for (let cut = 0; cut <= bytes.length; cut++) {
      const parsed = parseMetrics(bytes.subarray(0, cut));
      const count = ends.filter((end) => end <= cut).length;
      assertEquals(
        fingerprint(parsed.records),
        fingerprint(whole.records.slice(0, count)),
        `${cut}`,
      );
      assertEquals(
        parsed.goodBytes,
        count === 0 ? 0 : ends[count - 1],
        `${cut}`,
      );
      if (parsed.problem) assert(parsed.problem.isTorn, `${cut}`);
      else assert(cut === (ends[count - 1] ?? cut), `${cut}`);
    }
  }
});

function endOfItem(text: string, index: number): number {
  let end = text.search(/^- /m);
  for (let item = 0; item <= index; item++) {
    const next = text.indexOf("\n- ", end);
    end = next < 0 ? text.length : next + 1;
  }
  return end;
}

Deno.test("parseMetrics() says where the good data of a torn file ends", () => {
  const dir = "c22_torn_metrics/runs/torn_261123_084324_opfvnn/metrics";
  const cases = [["train", 4, 25], ["val", 4, 25], ["test", 4, 25]] as const;
  for (const [type, count, line] of cases) {
    const text = readFixture(`${dir}/${type}.yaml`);
    const parsed = parse(text);
    assertEquals(parsed.count, count, type);
    assertEquals(parsed.records.map(({ sequence }) => sequence.step), [
      0,
      1,
      2,
      3,
    ]);
    assertEquals(parsed.goodBytes, text.lastIndexOf("- value"), type);
    assertEquals(parsed.problem?.isTorn, true);
    assertEquals(parsed.problem?.line, line);
    assertStringIncludes(
      parsed.problem?.message ?? "",
      "the last item is cut off",
    );
    // A file cut there takes further records.
    const repaired = text.slice(0, parsed.goodBytes) +
      encodeRecords(parsed.records.slice(0, 1));
    assertEquals(parse(repaired).count, count + 1);
    assertEquals(parse(repaired).problem, undefined);
  }
});

const GOOD = encodeRecords([1, 2, 3].map((step) => ({
  value: { loss: step / 8 },
  sequence: {
    epoch: null,
    step,
    timestamp: TIMESTAMP,
  },
})));

Deno.test("parseMetrics() reads timestamps of every time zone as they stand there", () => {
  for (
    const timestamp of [
      "2026-11-23T08:21:16.752957+00:00",
      "2026-11-23T16:21:16+08:00",
      "2026-11-23T04:51:16.000001-03:30",
    ]
  ) {
    const { records } = parse(GOOD.replaceAll(TIMESTAMP, timestamp));
    assertEquals(
      records.map(({ sequence }) => sequence.timestamp),
      [timestamp, timestamp, timestamp],
    );
  }
});

Deno.test("parseMetrics() reports damage in the middle and reads on behind it", () => {
  const damages: readonly (readonly [string, number])[] = [
    [GOOD.replace("loss: 0.25", "loss: 'x"), 9],
    [GOOD.replace("    step: 2\n", ""), 7],
    [GOOD.replace("    loss: 0.25\n", "    loss\n"), 7],
    [GOOD.replace("step: 2", "ste\0\0\0"), 11],
  ];
  for (const [text, line] of damages) {
    const parsed = parse(text);
    assertEquals(
      parsed.records.map(({ sequence }) => sequence.step),
      [1, 3],
      text,
    );
    assertEquals(parsed.goodBytes, text.length);
    assertEquals(parsed.problem?.isTorn, false);
    assertEquals(parsed.problem?.line, line, parsed.problem?.message);
  }
});

Deno.test("parseMetrics() reads the record that was appended to a torn one, and nothing of the torn one", () => {
  const second = GOOD.indexOf("- value", 1);
  const third = GOOD.indexOf("- value", second + 1);
  for (let cut = second + 1; cut < third; cut++) {
    const parsed = parse(GOOD.slice(0, cut) + GOOD.slice(third));
    assertEquals(
      parsed.records.map(({ value, sequence }) => [value, sequence.step]),
      [[{ loss: 1 / 8 }, 1], [{ loss: 3 / 8 }, 3]],
      `${cut}`,
    );
    assertEquals(parsed.problem?.line, 7);
    assertEquals(parsed.problem?.isTorn, false);
  }
});

Deno.test("parseMetrics() reads items in other styles of YAML, and leaves out what they say besides", () => {
  const sequence = { epoch: null, step: 1, timestamp: "t" };
  const cases: readonly (readonly [string, unknown])[] = [
    ["- {value: {loss: 1}, sequence: {epoch: null, step: 1, timestamp: t}}\n", {
      loss: 1,
    }],
    ["- sequence:\n    timestamp: t\n    step: 1\n  value:\n    loss: 0.5\n", {
      loss: 0.5,
    }],
    [
      "- value:\n    loss: 1_0.5 # high\n  sequence:\n    epoch: null\n    step: 1\n    timestamp: t\n",
      { loss: 10.5 },
    ],
    [
      "- value:\n    loss: 0 # a: 5\n  sequence:\n    epoch: null\n    step: 1\n    timestamp: 't'\n",
      { loss: 0 },
    ],
    [
      "- value:\n    loss: 010\n  sequence:\n    epoch: ~\n    step: 0x1\n    timestamp: 't'\n",
      { loss: 8 },
    ],
    [
      "- value:\n    loss: 1.\n    loss: 2.5\n  sequence:\n    epoch: null\n    step: 1\n    timestamp: 't'\n",
      { loss: 2.5 },
    ],
    [
      "- value:\n      loss: 0.5\n  sequence:\n    epoch: null\n    step: 1\n    timestamp: 't'\n    host: a\n",
      { loss: 0.5 },
    ],
    [
      "- value:\n    损失: 0.5\n  sequence:\n    epoch: null\n    step: 1\n    timestamp: 't'\n",
      { 损失: 0.5 },
    ],
    [
      "- value:\r\n    loss: 0.5\r\n  sequence:\r\n    epoch: null\r\n    step: 1\r\n    timestamp: 't'\r\n",
      { loss: 0.5 },
    ],
    [
      "- value:\n    loss: 0.5\n  sequence:\n    epoch: null\n    step: 1\n    timestamp: 't'\n    host: a\n  note: b\n",
      { loss: 0.5 },
    ],
    ["[{value: {loss: 1}, sequence: {step: 1, timestamp: t}}]", { loss: 1 }],
    [
      "- value:\n    loss: 'x'\n  sequence:\n    epoch: null\n    step: 1\n    timestamp: 't'\n",
      { loss: "x" },
    ],
  ];
  for (const [text, value] of cases) {
    const parsed = parse(text);
    assertEquals(parsed.problem, undefined, text);
    assertEquals(
      fingerprint(parsed.records),
      fingerprint([{ value, sequence }]),
      text,
    );
    assertEquals(parsed.goodBytes, encoder.encode(text).length);
    // Among records in the usual style too, where the text is an item.
    if (text.startsWith("- ")) {
      assertEquals(parse(GOOD + text + GOOD).count, 7, text);
    }
  }
});

Deno.test("parseMetrics() finds no records in a file without any, and says what is no list", () => {
  for (const text of ["", "\n", "[]\n", "null\n...\n", "# empty\n", "---\n"]) {
    const parsed = parse(text);
    assertEquals(parsed.records, []);
    assertEquals(parsed.problem, undefined, JSON.stringify(text));
  }
  for (const text of ["a: 1\n", "\0\0\0\0", "5\n", "[1]\n", "value:\n  - 'x"]) {
    const parsed = parse(text);
    assertEquals(parsed.records, []);
    assertEquals(parsed.goodBytes, 0);
    assertEquals(parsed.problem?.isTorn, false, JSON.stringify(text));
  }
});

Deno.test("scanMetrics() shows columns, with one array of names for records of the same names", () => {
  const text = encodeRecords(
    [{ a: 1, b: 2 }, { b: 4 }, { a: 5, b: 6 }, {}].map((value, index) => ({
      value,
      sequence: { epoch: 1, step: index + 1, timestamp: TIMESTAMP },
    })),
  );
  const seen: unknown[] = [];
  const names: (readonly string[])[] = [];
  const scan = scanMetrics(encoder.encode(text), (item) => {
    names.push(item.names);
    seen.push([item.step, item.epoch, [...item.values], item.timestamp]);
  });
  assertEquals(scan, { count: 4, goodBytes: text.length });
  assertEquals(seen, [
    [1, 1, [1, 2], TIMESTAMP],
    [2, 1, [4], TIMESTAMP],
    [3, 1, [5, 6], TIMESTAMP],
    [4, 1, [], TIMESTAMP],
  ]);
  assertEquals(names, [["a", "b"], ["b"], ["a", "b"], []]);
  assert(names[0] === names[2]);
});

Deno.test("parseMetrics() reads a file longer than its window of text", () => {
  const records = Array.from({ length: 8000 }, (_, step) => ({
    value: { loss: Math.sqrt(step), [`m${step % 7}`]: 1 / (step + 1) },
    sequence: {
      epoch: step >> 4,
      step,
      timestamp: formatTimestamp(1_795_422_076_000_000 + step),
    },
  }));
  const text = encodeRecords(records);
  const parsed = parse(text).records;
  assertEquals(fingerprint(parsed), fingerprint(records));
  assertEquals(encodeRecords(parsed), text);
});

Deno.test("scanMetrics() shows a name that stands twice in a record once, with the last value", () => {
  const text = GOOD.replaceAll("    loss:", "    loss: 7.5\n    loss:");
  const seen: unknown[] = [];
  scanMetrics(encoder.encode(text), ({ names, values }) => {
    seen.push([[...names], [...values]]);
  });
  assertEquals(seen, [1, 2, 3].map((step) => [["loss"], [step / 8]]));
});
