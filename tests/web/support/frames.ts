import type { Page } from "playwright-core";

/** A frame later than this after the one before is one that a person sees missing, at 60 a second. */
const LATE_MS = 34;

/** What frames a page drew. */
export interface Frames {
  readonly perSecond: number;
  readonly medianMs: number;
  readonly worstMs: number;
  /** The part that was late. */
  readonly late: number;
  /** The part of the time in which the page's thread had the processor, whatever else the machine did. */
  readonly busy: number;
}

/** Notes when frames are drawn; as text, since benchmarks are checked without the types of a page. */
const COUNT = `new Promise((resolve) => {
  const times = [];
  const note = (time) => {
    times.push(time);
    if (time - times[0] < $ms) requestAnimationFrame(note);
    else resolve(times);
  };
  requestAnimationFrame(note);
})`;

/** Counts frames while something is done over and over. */
export async function frames(
  page: Page,
  ms: number,
  act: () => Promise<void> | undefined,
): Promise<Frames> {
  await page.mouse.move(700, 500);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const busySeconds = async (): Promise<number> => {
    const { metrics } = await cdp.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN;
  };
  const before = await busySeconds();
  const counted = page.evaluate<number[]>(COUNT.replace("$ms", String(ms)));
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await act();
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  const times = await counted;
  const busyMs = 1000 * (await busySeconds() - before);
  await cdp.detach();
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  const total = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return {
    perSecond: gaps.length / total * 1000,
    medianMs: gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? NaN,
    worstMs: Math.max(...gaps),
    late: gaps.filter((gap) => gap > LATE_MS).length / gaps.length,
    busy: busyMs / total,
  };
}

/** The row of a table up to which it is scrolled. */
export function firstRow(page: Page): Promise<number> {
  return page.locator(".vtable").evaluate((table) =>
    Math.round(table.scrollTop / 36)
  );
}
