import { createRecordEncoder } from "../../src/format/record_encoder.ts";

const MAX_RECORD_BYTES = 256;
const START_MS = Date.UTC(2026, 10, 23);

/** Makes records that go on where the last ended, ten a second. */
export function recordsOf(
  values: (step: number) => Readonly<Record<string, number>>,
): (count: number) => Uint8Array<ArrayBuffer> {
  let step = 0;
  const encode = createRecordEncoder(() => START_MS + step * 100);
  return (count) => {
    const bytes = new Uint8Array(count * MAX_RECORD_BYTES);
    let length = 0;
    for (const end = step + count; step < end; step++) {
      const record = encode(values(step), step, step >> 10);
      bytes.set(record, length);
      length += record.length;
    }
    return bytes.slice(0, length);
  };
}

/** The values of two metrics that get better, with noise. */
export function noisyValues(
  step: number,
  seed = 0,
): { readonly loss: number; readonly accuracy: number } {
  const loss = Math.exp(-step / 1e5) + Math.random() / 10 + seed / 1000;
  return { loss, accuracy: 1 - loss / 3 };
}
