import { clientOf, type EmServer } from "../server/metrics/support.ts";
import { startTestServer, type TestServer } from "../support/em_server.ts";
import { type BarePage, openBarePage } from "./bare_page.ts";
import { type BenchReport, median, ratio } from "./measure.ts";
import { noisyValues, recordsOf } from "./web_records.ts";

/** An hour of ten records a second, told in as many changes. */
const UPDATES = 900;
const UPDATE_POINTS = 40;
const UPDATE_LINES = 40;
/** After so many updates every bound of what a page holds is passed. */
const WARM_UPDATES = 300;
/** Until then a log grows faster, for a page holds 4 MiB of it. */
const WARM_LINES = 600;
const READINGS = 11;
/** What a run has when its curves are opened: each chart then holds as much as it divides an axis into. */
const HISTORY_POINTS = 100_000;
/** The page's timers run so much faster while the hour is fed. */
const HURRY = 20;

/** An hour of updates in the pages that follow a run, in Chromium: what they hold once all their bounds are passed, early and late. */
export async function run(): Promise<BenchReport> {
  await using server = await startTestServer();
  // Most of the time is spent waiting: side by side it is spent once.
  const lines = await Promise.all([
    benchCurves(server),
    benchLog(server),
    benchFolder(server),
  ]);
  return {
    name:
      `web_hour: ${UPDATES} live updates with ${UPDATE_POINTS} points or lines each, read ${READINGS} times after ${WARM_UPDATES} of them (hold: the late memory 1.1 x the early)`,
    lines,
  };
}

async function benchCurves(server: TestServer): Promise<string> {
  const run = await growingRun(server, "curves");
  const box = '[aria-label="loss"] .chart-box:not(.loading)';
  await using page = await openPage(server, {
    hash: `#/folders/${run.id}/metrics`,
    probe: `document.querySelector('${box}')?.dataset.points`,
  });
  await page.until(String(run.points()));
  const found = await watch(page, async () => {
    await run.grow();
    await page.until(String(run.points()));
  });
  return `curves of ${run.points()} points: ${found}`;
}

async function benchLog(server: TestServer): Promise<string> {
  const em = emOf(server);
  const id = await em.make("/demo/log");
  const path = "/demo/log/stdout.log";
  let bytes = 0;
  let lines = 0;
  const append = async (count: number): Promise<void> => {
    const text = Array.from(
      { length: count },
      () => `line ${lines++} ${Math.random()}\n`,
    ).join("");
    const more = new TextEncoder().encode(text);
    if (bytes === 0) await em.put(path, more);
    else await em.append(path, bytes, more);
    bytes += more.length;
  };
  await append(WARM_LINES);
  await using page = await openPage(server, {
    hash: `#/folders/${id}/log`,
    probe: `[...document.querySelectorAll(".line-text")].at(-1)
      ?.textContent.split(" ")[1]`,
  });
  await page.until(String(lines - 1));
  const found = await watch(page, async (isWarm) => {
    await append(isWarm ? UPDATE_LINES : WARM_LINES);
    await page.until(String(lines - 1));
  });
  return `log of ${lines} lines: ${found}`;
}

async function benchFolder(server: TestServer): Promise<string> {
  const run = await growingRun(server, "row");
  const parent = encodeURIComponent("/demo");
  await using page = await openPage(server, {
    hash: `#/folders/${parent}/?col=metrics.train%2Fcount.last&search=row`,
    probe:
      `[...document.querySelectorAll(".vtable-row .numeric")].at(-1)?.textContent`,
  });
  await page.until(String(run.points()));
  const found = await watch(page, async () => {
    await run.grow();
    await page.until(String(run.points()));
  });
  return `folder with a growing run: ${found}`;
}

interface GrowingRun {
  readonly id: string;
  /** How many points each of its curves has. */
  readonly points: () => number;
  readonly grow: () => Promise<void>;
}

/** A run of three metrics; `count` tells how many points there are. */
async function growingRun(
  server: TestServer,
  name: string,
): Promise<GrowingRun> {
  const em = emOf(server);
  const id = await em.make(`/demo/${name}`);
  const path = `/demo/${name}/metrics/train.yaml`;
  const encode = recordsOf((step) => ({
    ...noisyValues(step),
    count: step + 1,
  }));
  const first = encode(HISTORY_POINTS);
  await em.put(path, first);
  let bytes = first.length;
  let points = HISTORY_POINTS;
  await em.until(
    () => em.json("GET /em/v1/series", { query: { node: id } }),
    (answer) => answer.runs[0]?.series[0]?.count === points,
  );
  return {
    id,
    points: () => points,
    async grow() {
      const more = encode(UPDATE_POINTS);
      await em.append(path, bytes, more);
      bytes += more.length;
      points += UPDATE_POINTS;
    },
  };
}

/** Updates a page for an hour, and tells what it held. */
async function watch(
  page: BarePage,
  update: (isWarm: boolean) => Promise<void>,
): Promise<string> {
  const held: Held[] = [];
  const each = (UPDATES - WARM_UPDATES) / (READINGS - 1);
  for (let turn = 0; turn < WARM_UPDATES; turn++) await update(false);
  held.push(await heldBy(page));
  while (held.length < READINGS) {
    for (let turn = 0; turn < each; turn++) await update(true);
    held.push(await heldBy(page));
  }
  const bytes = held.map((one) => one.bytes);
  const early = median(bytes.slice(0, READINGS >> 1));
  const late = median(bytes.slice(-(READINGS >> 1)));
  return `${ratio(late, early)} x (${
    bytes.map((one) => (one / 1e6).toFixed(2)).join(" ")
  } MB), nodes of the document ${held.map(({ nodes }) => nodes).join(" ")}`;
}

interface Held {
  /** Of the page's objects and their buffers. */
  readonly bytes: number;
  readonly nodes: number;
}

async function heldBy(page: BarePage): Promise<Held> {
  for (let turn = 0; turn < 5; turn++) {
    await page.send("HeapProfiler.collectGarbage");
  }
  const { usedSize = NaN, embedderHeapUsedSize = 0, backingStorageSize = 0 } =
    await page.send("Runtime.getHeapUsage");
  const { nodes = NaN } = await page.send("Memory.getDOMCounters");
  return { bytes: usedSize + embedderHeapUsedSize + backingStorageSize, nodes };
}

/** Opens a page whose timers are in a hurry, and which tells what an expression gives whenever that is something else. */
async function openPage(
  { url, apiKey }: TestServer,
  { hash, probe }: { readonly hash: string; readonly probe: string },
): Promise<BarePage> {
  await using resources = new AsyncDisposableStack();
  const page = resources.use(await openBarePage());
  const pages = new URL("/t9k/em/web/", url);
  const response = await fetch(new URL("session", pages), {
    method: "POST",
    headers: { origin: pages.origin, "content-type": "application/json" },
    body: JSON.stringify({ apiKey }),
  });
  const text = await response.text();
  const [cookie = ""] = response.headers.getSetCookie();
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  if (name === undefined) throw new Error(text);
  await page.send("Network.setCookie", { url: pages.href, name, value });
  await page.send("Page.enable");
  await page.send("Page.addScriptToEvaluateOnNewDocument", {
    // Not the long waits: those are for a connection from which nothing comes.
    source: `{
      const real = setTimeout;
      globalThis.setTimeout = (call, wait = 0) =>
        real(call, wait < 10000 ? wait / ${HURRY} : wait);
      let last;
      setInterval(() => {
        const now = ${probe};
        if (now !== last && now !== undefined) told(last = now);
      }, 5);
    }`,
  });
  await page.send("Page.navigate", { url: pages.href + hash });
  const owned = resources.move();
  return { ...page, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function emOf({ url, apiKey }: TestServer): EmServer {
  return clientOf(url, apiKey, () => Promise.resolve());
}
