import fc from "fast-check";
import type { MetricRecord } from "../../src/format/metric_record.ts";
import { formatTimestamp } from "../../src/format/timestamp.ts";

const name = fc.oneof(
  fc.constantFrom("loss", "accuracy", "yes", "1:30", "a: b", "a # b"),
  fc.constantFrom("__proto__", "学习率", "a\nb", ""),
  fc.constantFrom("k".repeat(122), "k".repeat(123)),
  fc.string({ unit: "binary", maxLength: 8 }),
);

/** Microseconds around the turns of a few seconds. */
const micros = fc.oneof(
  fc.constantFrom(1_700_000_000_000_000, 1_700_000_001_000_000),
  fc.integer({ min: 1_700_000_000_000_000, max: 1_700_000_002_000_000 }),
);

/** Records with odd names and any values, within two seconds of local time, so that time goes back and stands still. */
export const metricRecords: fc.Arbitrary<MetricRecord> = fc.record({
  value: fc.dictionary(
    name,
    fc.oneof(fc.double(), fc.float(), fc.integer().map((int) => int / 1000)),
    { maxKeys: 4, noNullPrototype: true },
  ),
  sequence: fc.record({
    epoch: fc.option(fc.oneof(fc.nat(), fc.double({ noNaN: true }))),
    step: fc.oneof(fc.integer(), fc.double({ noNaN: true })),
    timestamp: micros.map(formatTimestamp),
  }),
});
