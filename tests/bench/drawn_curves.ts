import type { Page } from "playwright-core";
import { noisyValues, recordsOf } from "./web_records.ts";

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

/** A metrics file of so many records. */
export function fileOf(records: number, seed = 0): Uint8Array<ArrayBuffer> {
  return recordsOf((step) => noisyValues(step, seed))(records);
}

/** Milliseconds, for print. */
export function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
