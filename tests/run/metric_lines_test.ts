import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  MetricLineSplitter,
  readMetricLine,
} from "../../src/run/metric_lines.ts";

const encoder = new TextEncoder();

/** Splits chunks, and joins neighbouring parts of one kind that are output. */
function split(chunks: readonly string[]): { kind: string; text: string }[] {
  const splitter = new MetricLineSplitter();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const parts = [
    ...chunks.flatMap((chunk) => [...splitter.push(encoder.encode(chunk))]),
    ...splitter.end(),
  ];
  const joined: { kind: string; text: string }[] = [];
  for (const { kind, bytes } of parts) {
    const last = joined.at(-1);
    if (kind === "output" && last?.kind === "output") {
      last.text += decode(bytes);
    } else joined.push({ kind, text: decode(bytes) });
  }
  return joined;
}

Deno.test("MetricLineSplitter tells lines with metrics from output, wherever they are torn", () => {
  const text = "epoch 1\nEM_METRICS {1}\nEM_METRICS {2}\n" +
    "EM_METRIC no\nEM\n EM_METRICS {no}\nEM_METRICS\nEM_METRICS {3}\r\nlast EM_METRICS {no}";
  const expected = [
    { kind: "output", text: "epoch 1\n" },
    { kind: "metrics", text: "EM_METRICS {1}\n" },
    { kind: "metrics", text: "EM_METRICS {2}\n" },
    {
      kind: "output",
      text: "EM_METRIC no\nEM\n EM_METRICS {no}\nEM_METRICS\n",
    },
    { kind: "metrics", text: "EM_METRICS {3}\r\n" },
    { kind: "output", text: "last EM_METRICS {no}" },
  ];
  assertEquals(split([text]), expected);
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 40 }),
    (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      assertEquals(
        split(at.slice(1).map((end, i) => text.slice(at[i], end))),
        expected,
      );
    },
  ));
  assertEquals(split([...text]), expected);
});

Deno.test("MetricLineSplitter hands on half lines at once, and a last line without its end", () => {
  const splitter = new MetricLineSplitter();
  const seen = (text: string) =>
    [...splitter.push(encoder.encode(text))].length;
  assertEquals([seen("50 %\r"), seen("E"), seen("M_METRICS"), seen(" {")], [
    1,
    1,
    1,
    1,
  ]);
  assertEquals([seen("\nEM_MET"), seen("RICS {}")], [1, 0]);
  assertEquals([...splitter.end()].map(({ kind }) => kind), ["metrics"]);
  assertEquals(split(["EM_MET"]), [{ kind: "output", text: "EM_MET" }]);
});

Deno.test("MetricLineSplitter holds back at most 1 MiB and a chunk", () => {
  const splitter = new MetricLineSplitter();
  const chunk = encoder.encode("x".repeat(64 * 1024));
  let held = 0;
  let most = 0;
  const count = (bytes: Uint8Array<ArrayBuffer>) => {
    held += bytes.length;
    for (const part of splitter.push(bytes)) {
      assertEquals(part.kind, "output");
      held -= part.bytes.length;
    }
    most = Math.max(most, held);
  };
  count(encoder.encode("EM_METRICS "));
  for (let i = 0; i < 160; i++) count(chunk);
  assertEquals([held, most <= 1024 * 1024 + chunk.length], [0, true]);
});

Deno.test("readMetricLine() reads numbers as JSON and as Python's json write them", () => {
  const read = (json: string) =>
    readMetricLine(encoder.encode(`EM_METRICS ${json}\n`));
  assertEquals(
    read(
      '{"type":"train","step":1,"epoch":2,"metrics":{"loss":0.3,"ok":true}}',
    ),
    {
      type: "train",
      metrics: { loss: 0.3, ok: true },
      position: { step: 1, epoch: 2 },
      rank: 0,
    },
  );
  assertEquals(
    read(
      '{"type": "NaN", "step": 1, "metrics": {"a": NaN, "b": -Infinity, "c": Infinity, "NaN \\" NaN": "NaN", "d": "-Infinity"}}',
    ),
    {
      type: "NaN",
      metrics: {
        a: NaN,
        b: -Infinity,
        c: Infinity,
        'NaN " NaN': NaN,
        d: -Infinity,
      },
      position: { step: 1, epoch: null },
      rank: 0,
    },
  );
});

Deno.test("readMetricLine() refuses everything else, and says why", () => {
  const table: [string, string][] = [
    ["[]", "no JSON object"],
    ['{"type":1,"step":1,"metrics":{}}', '"type" must be a string'],
    ['{"type":"a","step":1}', '"metrics" must be an object'],
    ['{"type":"a","step":1,"metrics":{},"epcoh":1}', '"epcoh" is none'],
    ['{"type":"a","step":1,"metrics":{},"rank":-1}', '"rank" must be a whole'],
    ['{"type":"a"', "JSON"],
    ['{"type":"a","step":nan,"metrics":{}}', "JSON"],
  ];
  for (const [json, message] of table) {
    assertThrows(
      () => readMetricLine(encoder.encode(`EM_METRICS ${json}`)),
      Error,
      message,
      json,
    );
  }
});
