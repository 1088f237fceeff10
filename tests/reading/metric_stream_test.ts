import { assert, assertEquals } from "@std/assert";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import { findRewind, parseRewound } from "../../src/format/rewind.ts";
import { MetricStream } from "../../src/reading/metric_stream.ts";
import { recordsOf } from "../support/plain_run.ts";

const encoder = new TextEncoder();

/** Reads a text in pieces of some length. */
function read(text: string, pieceBytes: number) {
  const bytes = encoder.encode(text);
  const steps: number[] = [];
  const stream = new MetricStream(({ step }) => steps.push(step));
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    stream.add(bytes.subarray(at, at + pieceBytes));
  }
  stream.finish();
  return { steps, problem: stream.problem };
}

Deno.test("MetricStream shows the same records as a reader of the whole file, however it is cut", () => {
  const values = Array.from({ length: 9000 }, (_, step) => 1 / (step + 1));
  const whole = recordsOf({ loss: values, "a b: c": values });
  assert(whole.length > 1024 * 1024);
  const texts = [
    whole,
    `# a comment\n---\n${whole}`,
    whole.slice(0, -20),
    "[]\n",
    "",
    "- value: {loss: 1.0}\n  sequence: {epoch: 1, step: 7, timestamp: 't'}\n",
    `[${
      '{value: {x: 1.0}, sequence: {step: 7, timestamp: "t"}},'.repeat(7000)
    }]`,
  ];
  for (const text of texts) {
    const wanted = parseMetrics(encoder.encode(text)).records
      .map(({ sequence }) => sequence.step);
    for (const pieceBytes of [1021, 65536, 1e7]) {
      const { steps, problem } = read(text, pieceBytes);
      assertEquals(steps, wanted, text.slice(0, 40));
      assertEquals(problem, undefined, text.slice(0, 40));
    }
  }
});

Deno.test("MetricStream leaves out what a reader of the whole file leaves out, however it is cut", () => {
  const values = Array.from({ length: 4000 }, (_, step) => 1 / (step + 1));
  const parts = [
    recordsOf({ loss: values }),
    recordsOf({ loss: values.slice(0, 900) }),
    recordsOf({ loss: values.slice(0, 2) }),
  ];
  const bytes = encoder.encode(parts.join(""));
  const first = parts[0]?.length ?? 0;
  const starts = [first, first + (parts[1]?.length ?? 0)];
  const wanted = parseRewound(bytes, starts)
    .map(({ sequence }) => sequence.step);
  assertEquals(wanted, [0, 1]);
  // An attempt that begins in the middle of the first one's records.
  const middle = encoder.encode(
    parts[0] + (parts[0] ?? "").slice((parts[0] ?? "").length / 2)
      .replace(/^[^]*?\n(?=- value)/, ""),
  );
  for (
    const [file, at] of [[bytes, starts], [middle, [first]]] as const
  ) {
    const rewind = findRewind(
      at,
      (start, length) => file.subarray(start, start + length),
    );
    const whole = parseRewound(file, at).map(({ sequence }) => sequence.step);
    for (const pieceBytes of [1021, 65536, 1e7]) {
      const steps: number[] = [];
      const stream = new MetricStream(({ step }) => steps.push(step), rewind);
      for (let from = 0; from < file.length; from += pieceBytes) {
        stream.add(file.subarray(from, from + pieceBytes));
      }
      stream.finish();
      assertEquals(stream.problem, undefined);
      assertEquals(steps, whole, `${pieceBytes}`);
    }
  }
});

Deno.test("MetricStream names what is damaged, and goes on behind it", () => {
  const good = recordsOf({ loss: [1, 2] });
  const { steps, problem } = read(`${good}- nothing\n${good}`, 64);
  assertEquals(steps, [0, 1, 0, 1]);
  assert(problem?.includes("no record"), problem);
});

Deno.test("MetricStream shows the rest of a record when it has come", () => {
  const text = recordsOf({ loss: [1, 2] });
  const steps: number[] = [];
  const stream = new MetricStream(({ step }) => steps.push(step));
  const seen: number[] = [];
  for (let at = 0; at < text.length; at += 30) {
    stream.add(encoder.encode(text.slice(at, at + 30)));
    stream.finish();
    seen.push(steps.length);
  }
  assertEquals(steps, [0, 1]);
  assertEquals(stream.problem, undefined);
  assert(seen.includes(1), seen.join(" "));
});
