import type { MetricRecord } from "../../src/format/metric_record.ts";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";

/** The text that one encoder writes for records at the times that they name; these come out in the local time zone. */
export function encodeRecords(records: readonly MetricRecord[]): string {
  let now = 0;
  const encode = createRecordEncoder(() => now);
  const decoder = new TextDecoder();
  return records.map(({ value, sequence: { step, epoch, timestamp } }) => {
    now = epochMicros(timestamp) / 1000;
    return decoder.decode(encode(value, step, epoch));
  }).join("");
}

/** The point in time that a timestamp names, in microseconds since 1970-01-01T00:00:00Z. */
export function epochMicros(timestamp: string): number {
  return Number(Temporal.Instant.from(timestamp).epochNanoseconds / 1000n);
}
