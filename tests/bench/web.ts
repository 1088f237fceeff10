import { clientOf, type EmServer } from "../server/metrics/support.ts";
import { openPages, type TestPages } from "../web/support/pages.ts";
import { framesWhileMoving } from "../web/support/page_timing.ts";
import { drawn, fileOf, ms } from "./drawn_curves.ts";
import { type BenchReport, median } from "./measure.ts";
import { benchLong } from "./web_curve.ts";

const LONG = 1_000_000;
const RUNS = 200;
const RUN_POINTS = 1000;
const REPEATS = 5;

/** What people wait for in the pages, in a real browser. */
export async function run(): Promise<BenchReport> {
  await using web = await openPages();
  const em = clientOf(
    web.server.url,
    web.server.apiKey,
    () => Promise.resolve(),
  );
  const lines = [
    ...(await benchLong(web, em)).lines,
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
