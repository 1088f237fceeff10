import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";
import { formatTimestamp } from "../../src/format/timestamp.ts";
import { stringifyYaml } from "../../src/format/yaml_writer.ts";
import { fingerprint } from "./typed_value.ts";

const name = fc.oneof(
  fc.constantFrom("loss", "yes", "a: b", "a\nb", "", "学习率", "k".repeat(123)),
  fc.string({ unit: "binary", maxLength: 8 }),
);
const values = fc.dictionary(name, fc.double(), {
  maxKeys: 4,
  noNullPrototype: true,
});
const call = fc.record({
  values,
  step: fc.oneof(fc.integer(), fc.double({ noNaN: true })),
  epoch: fc.option(fc.oneof(fc.nat(), fc.double({ noNaN: true }))),
  micros: fc.integer({
    min: 1_700_000_000_000_000,
    max: 1_700_000_002_000_000,
  }),
});

Deno.test("an encoder that writes bytes writes records that are read back, whatever it wrote before", () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 8 }), (calls) => {
      let now = 0;
      const encode = createRecordEncoder(() => now);
      const bytes = calls.flatMap(({ values, step, epoch, micros }) => {
        now = micros / 1000;
        return [...encode(values, step, epoch)];
      });
      const { records, problem } = parseMetrics(new Uint8Array(bytes));
      assertEquals(problem, undefined);
      assertEquals(
        fingerprint(records),
        fingerprint(calls.map(({ values, step, epoch, micros }) => ({
          value: values,
          sequence: { epoch, step, timestamp: formatTimestamp(micros) },
        }))),
      );
    }),
    { numRuns: 200 },
  );
});

Deno.test("an encoder that writes bytes writes what stringifyYaml() writes", () => {
  const encode = createRecordEncoder(() => 1_700_000_000_000);
  const timestamp = formatTimestamp(1_700_000_000_000_000);
  for (
    const value of [{}, { loss: 0.5 }, { loss: 0.1, 学习率: 1e-7, "a\nb": NaN }]
  ) {
    assertEquals(
      new TextDecoder().decode(encode(value, 7, null)),
      stringifyYaml([{ value, sequence: { epoch: null, step: 7, timestamp } }]),
    );
  }
});
