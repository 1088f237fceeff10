import type { Page } from "playwright-core";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";

const MAX_RECORD_BYTES = 256;
const START_MS = Date.UTC(2026, 10, 23);

/** Waits until a chart shows so many points. */
export async function drawn(
  page: Page,
  id: string,
  count: number,
): Promise<void> {
  await page.getByRole("region", { name: id, exact: true })
    .locator(`.chart-box:not(.loading)[data-points="${count}"] canvas`)
    .first().waitFor();
}

/** Makes records of two metrics that go on where the last ended. */
export function recordsOf(
  seed = 0,
): (count: number) => Uint8Array<ArrayBuffer> {
  let step = 0;
  const encode = createRecordEncoder(() => START_MS + step * 100);
  return (count) => {
    const bytes = new Uint8Array(count * MAX_RECORD_BYTES);
    let length = 0;
    for (const end = step + count; step < end; step++) {
      const loss = Math.exp(-step / 1e5) + Math.random() / 10 + seed / 1000;
      const record = encode({ loss, accuracy: 1 - loss / 3 }, step, step >> 10);
      bytes.set(record, length);
      length += record.length;
    }
    return bytes.slice(0, length);
  };
}

/** A metrics file of so many records. */
export function fileOf(records: number, seed = 0): Uint8Array<ArrayBuffer> {
  return recordsOf(seed)(records);
}

/** Milliseconds, for print. */
export function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
