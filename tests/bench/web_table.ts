import type { Page } from "playwright-core";
import { join } from "@std/path";
import { startServer } from "../../src/server/mod.ts";
import { startBrowser } from "../support/browser.ts";
import { tempDir } from "../support/temp_dir.ts";
import { firstRow, type Frames, frames } from "../web/support/frames.ts";
import { type BenchReport, ratio } from "./measure.ts";
import { placeRuns } from "./place.ts";

const RUNS = 10_000;
const WIDE_RUNS = 500;
const WIDE_COLUMNS = 298;
const SCROLL_MS = 5000;
const IDLE_MS = 1500;

/** The table of a folder, in Chromium: scrolled by wheel through 10 000 runs, and across 300 columns. */
export async function run(): Promise<BenchReport> {
  using dir = tempDir();
  const dataDir = join(dir.path, "data");
  let apiKey = "";
  {
    await using server = await startServer({ dataDir, port: 0 });
    apiKey = server.firstStart?.apiKey ?? "";
  }
  placeRuns(dataDir, { folder: "many", runs: RUNS });
  placeRuns(dataDir, {
    folder: "wide",
    runs: WIDE_RUNS,
    hparams: WIDE_COLUMNS,
  });
  await using server = await startServer({ dataDir, port: 0 });
  await using web = await startBrowser();
  const url = new URL("/t9k/em/web/", server.localUrl).href;
  await web.context.request.post(`${url}session`, {
    data: { apiKey },
    headers: { origin: new URL(url).origin },
  });
  const { page } = web;
  const open = async (folder: string, query = ""): Promise<number> => {
    const start = performance.now();
    await page.goto(
      `${url}#/folders/${encodeURIComponent(`/demo/${folder}`)}/${query}`,
    );
    await page.getByRole("columnheader").filter({ hasText: "lr" }).waitFor({
      timeout: 180_000,
    });
    await page.getByRole("rowheader").nth(10).waitFor();
    return performance.now() - start;
  };

  await open("many");
  await untilIndexed(page);
  const openMs = await open("many", "?sort=-metrics.val%2Faccuracy.last");
  const idle = await frames(page, IDLE_MS, () => undefined);
  const down = await frames(page, SCROLL_MS, () => page.mouse.wheel(0, 300));
  const row = await firstRow(page);
  const rows = await page.locator(".vtable-row").count();
  const columns = Array.from(
    { length: WIDE_COLUMNS },
    (_, i) => `col=hparams.extra_${i}`,
  );
  await open("wide", `?col=hparams.lr&${columns.join("&")}`);
  const across = await frames(page, SCROLL_MS, () => page.mouse.wheel(120, 60));
  const cells = await page.locator(".vtable-cell").count();
  return {
    name:
      `web_table: a folder of ${RUNS} runs scrolled by wheel (hold: 50 frames/s)`,
    lines: [
      `idle: ${said(idle)}`,
      `down: ${said(down)}, ${ratio(down.perSecond, idle.perSecond)} x idle; ` +
      `row ${row} reached with ${rows} rows drawn`,
      `across ${WIDE_COLUMNS + 1} columns of ${WIDE_RUNS} runs: ${
        said(across)
      }, ${
        ratio(across.perSecond, idle.perSecond)
      } x idle; ${cells} cells drawn`,
      `opened, sorted by a metric, in ${openMs.toFixed(0)} ms`,
    ],
  };
}

/** Waits until every run is indexed. */
async function untilIndexed(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Complete", exact: true }).click();
  await page.getByText("9,800 entries").waitFor({ timeout: 180_000 });
}

function said({ perSecond, medianMs, worstMs, late, busy }: Frames): string {
  return `${perSecond.toFixed(1)} frames/s (median ${
    medianMs.toFixed(1)
  } ms, ` +
    `worst ${worstMs.toFixed(0)} ms, ${(late * 100).toFixed(1)} % late; ` +
    `the page's thread busy ${(busy * 100).toFixed(0)} % of the time)`;
}
