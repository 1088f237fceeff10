import type { CDPSession } from "playwright-core";
import { clientOf, type EmServer } from "../server/metrics/support.ts";
import { openPages, type TestPages } from "../web/support/pages.ts";
import { framesWhileMoving } from "../web/support/page_timing.ts";
import { drawn, fileOf, ms, recordsOf } from "./drawn_curves.ts";
import { type BenchReport, median } from "./measure.ts";
import { benchLong } from "./web_curve.ts";

const LONG = 1_000_000;
const RUNS = 200;
const RUN_POINTS = 1000;
const REPEATS = 5;
/** An hour of ten records a second, told in as many changes. */
const UPDATES = 900;
const UPDATE_POINTS = 40;
const WARM_UPDATES = 150;
/** The page's timers run so much faster while the hour is fed. */
const HURRY = 20;

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
    ...await benchHour(web, em),
  ];
  if (web.problems.length > 0) throw new Error(web.problems.join("\n"));
  return {
    name:
      `web: a curve of ${LONG} points (hold: first drawn after 1000 ms, zoomed after 200 ms), ` +
      `${RUNS} runs x 2 metrics x ${RUN_POINTS} points (hold: 2000 ms), an hour of live updates (hold: 1.1 x the memory)`,
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

async function benchHour(web: TestPages, em: EmServer): Promise<string[]> {
  const page = await web.context.newPage();
  await page.addInitScript((hurry) => {
    const real = globalThis.setTimeout;
    // Not the long waits: those are for a connection from which nothing comes.
    Object.assign(globalThis, {
      setTimeout: (call: () => void, wait = 0) =>
        real(call, wait < 10_000 ? wait / hurry : wait),
    });
  }, HURRY);
  const id = await em.make("/demo/hour");
  const path = "/demo/hour/metrics/train.yaml";
  const encode = recordsOf();
  let bytes = 0;
  let points = 0;
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().includes("/em/v1/points")) asked++;
  });
  const grow = async (): Promise<void> => {
    const more = encode(UPDATE_POINTS);
    await em.append(path, bytes, more);
    bytes += more.length;
    points += UPDATE_POINTS;
    await drawn(page, "loss", points);
  };
  const first = encode(UPDATE_POINTS);
  await em.put(path, first);
  bytes = first.length;
  points = UPDATE_POINTS;
  await page.goto(`${web.url}#/folders/${id}/metrics`);
  await drawn(page, "loss", points);
  const session = await page.context().newCDPSession(page);
  for (let turn = 0; turn < WARM_UPDATES; turn++) await grow();
  const before = await heap(session);
  for (let turn = WARM_UPDATES; turn < UPDATES; turn++) await grow();
  const after = await heap(session);
  const buckets = await page.locator(".chart-box").first()
    .getAttribute("data-buckets");
  await page.close();
  return [
    `${UPDATES} updates with ${points} points: memory ${
      megabytes(before.bytes)
    } after ${WARM_UPDATES}, ${megabytes(after.bytes)} at the end (${
      (after.bytes / before.bytes).toFixed(2)
    } x), nodes of the document ${before.nodes} and ${after.nodes}, ${asked} questions for points, ${buckets} buckets held`,
  ];
}

async function heap(
  session: CDPSession,
): Promise<{ readonly bytes: number; readonly nodes: number }> {
  for (let turn = 0; turn < 3; turn++) {
    await session.send("HeapProfiler.collectGarbage");
  }
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  return { bytes: usedSize, nodes };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
