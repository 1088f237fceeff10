import type { Page } from "playwright-core";
import { clientOf, type EmServer } from "../server/metrics/support.ts";
import { openPages, type TestPages } from "../web/support/pages.ts";
import { framesWhileMoving, watchZoom } from "../web/support/page_timing.ts";
import { type BenchReport, median } from "./measure.ts";
import { noisyValues, recordsOf } from "./web_records.ts";

const LONG = 1_000_000;
const RUNS = 200;
const RUN_POINTS = 1000;
const REPEATS = 5;
const ZOOMS = 12;

/** What people wait for in the pages, in a real browser. */
export async function run(): Promise<BenchReport> {
  await using web = await openPages();
  const em = clientOf(
    web.server.url,
    web.server.apiKey,
    () => Promise.resolve(),
  );
  const lines = [
    ...await benchLong(web, em),
    ...await benchCompare(web, em),
  ];
  if (web.problems.length > 0) throw new Error(web.problems.join("\n"));
  return {
    name:
      `web: a curve of ${LONG} points (hold: first drawn after 1000 ms, zoomed after 200 ms), ` +
      `${RUNS} runs x 2 metrics x ${RUN_POINTS} points (hold: 2000 ms)`,
    lines,
  };
}

async function benchLong(web: TestPages, em: EmServer): Promise<string[]> {
  const { page } = web;
  const id = await em.make("/demo/long");
  await em.put("/demo/long/metrics/train.yaml", fileOf(LONG));
  await em.until(
    () => em.json("GET /em/v1/series", { query: { node: id } }),
    (answer) => answer.runs[0]?.series[0]?.count === LONG,
  );
  const opened: number[] = [];
  for (let turn = 0; turn <= REPEATS; turn++) {
    await page.goto("about:blank");
    const start = performance.now();
    await web.goto(`#/folders/${id}/metrics`);
    await drawn(page, "loss", LONG);
    opened.push(performance.now() - start);
  }
  // The first is the browser's first look at the pages.
  const first = opened.shift() ?? NaN;
  const zooms: number[] = [];
  for (let turn = 0; turn < ZOOMS; turn++) zooms.push(await zoom(page));
  return [
    `first curve after ${ms(median(opened))} (${
      ms(Math.max(...opened))
    } at most; ${ms(first)} the first time)`,
    `zoomed after ${ms(median(zooms))} (${
      ms(Math.max(...zooms))
    } at most), from the release of the button to the drawn detail`,
  ];
}

/** Chooses a part with the mouse, and tells how long it takes until its detail is drawn; then everything is shown again. */
async function zoom(page: Page): Promise<number> {
  const zoomed = await watchZoom(page);
  const plot = page.locator(".u-over").first();
  const box = await plot.boundingBox();
  if (box === null) throw new Error("There is no chart");
  const y = box.y + box.height / 2;
  const left = box.x + box.width * (0.1 + Math.random() * 0.6);
  await page.mouse.move(left, y);
  await page.mouse.down();
  await page.mouse.move(left + box.width * 0.2, y, { steps: 2 });
  await page.mouse.up();
  const taken = await zoomed();
  await page.getByRole("toolbar").getByRole("button", { name: "Reset zoom" })
    .click();
  await drawn(page, "loss", LONG);
  return taken;
}

async function benchCompare(web: TestPages, em: EmServer): Promise<string[]> {
  const { page } = web;
  const ids: string[] = [];
  for (let at = 0; at < RUNS; at++) {
    ids.push(await em.make(`/demo/run-${at}`));
    await em.put(`/demo/run-${at}/metrics/train.yaml`, fileOf(RUN_POINTS, at));
  }
  await em.until(
    () => em.json("POST /em/v1/series", { json: { node: ids } }),
    ({ runs }) =>
      runs.every((one: { readonly series: readonly unknown[] }) =>
        one.series.length === 2
      ),
  );
  const address = `#/compare?${ids.map((id) => `run=${id}`).join("&")}`;
  const times: number[] = [];
  for (let turn = 0; turn <= REPEATS; turn++) {
    await page.goto("about:blank");
    const start = performance.now();
    await web.goto(address);
    await drawn(page, "loss", RUNS * RUN_POINTS);
    await drawn(page, "accuracy", RUNS * RUN_POINTS);
    times.push(performance.now() - start);
  }
  times.shift();
  const moved = await framesWhileMoving(page);
  return [
    `${RUNS} runs compared after ${ms(median(times))} (${
      ms(Math.max(...times))
    } at most); with the cursor moving over them ${
      moved.toFixed(0)
    } frames a second`,
  ];
}

async function drawn(page: Page, id: string, count: number): Promise<void> {
  await page.getByRole("region", { name: id, exact: true })
    .locator(`.chart-box:not(.loading)[data-points="${count}"] canvas`)
    .first().waitFor();
}

function fileOf(records: number, seed = 0): Uint8Array<ArrayBuffer> {
  return recordsOf((step) => noisyValues(step, seed))(records);
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
