import type { Page } from "playwright-core";
import { clientOf, type EmServer } from "../server/metrics/support.ts";
import { watchZoom } from "../web/support/page_timing.ts";
import { openPages, type TestPages } from "../web/support/pages.ts";
import { drawn, fileOf, ms } from "./drawn_curves.ts";
import { type BenchReport, type Figure, median } from "./measure.ts";

const LONG = 1_000_000;
const REPEATS = 5;
const ZOOMS = 12;

/** What was found about a long curve. */
export interface LongCurve {
  readonly lines: readonly string[];
  readonly figure: Figure;
}

/** A long curve in a real browser. */
export async function run(): Promise<BenchReport> {
  await using web = await openPages();
  const em = clientOf(
    web.server.url,
    web.server.apiKey,
    () => Promise.resolve(),
  );
  const { lines, figure } = await benchLong(web, em);
  if (web.problems.length > 0) throw new Error(web.problems.join("\n"));
  return {
    name: `web_curve: a curve of ${LONG} points (hold: drawn after 1000 ms)`,
    lines,
    figures: [figure],
  };
}

/** Opens the page of a run with a long curve again and again, and looks closer at parts of it. */
export async function benchLong(
  web: TestPages,
  em: EmServer,
): Promise<LongCurve> {
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
  const lines = [
    `first curve after ${ms(median(opened))} (${
      ms(Math.max(...opened))
    } at most; ${ms(first)} the first time)`,
    `zoomed after ${ms(median(zooms))} (${
      ms(Math.max(...zooms))
    } at most), from the release of the button to the drawn detail`,
  ];
  const openedMs = median(opened);
  const figure = {
    what:
      `a curve of ${LONG} points on screen, from the address to the drawn line`,
    measured: ms(openedMs),
    against: `time, ${REPEATS} openings in Chromium`,
    hold: "under 1 s",
    holds: openedMs < 1000,
  };
  return { lines, figure };
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
