import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { CDPSession, Page } from "playwright-core";
import { clientOf, metricsText } from "../server/metrics/support.ts";
import { openPages } from "./support/pages.ts";

const POINTS = 5000;

interface Finger {
  readonly x: number;
  readonly y: number;
}

/** Moves fingers from some places to others, all at once, and lifts them. */
async function swipe(
  session: CDPSession,
  from: readonly Finger[],
  to: readonly Finger[],
): Promise<void> {
  const send = (type: "touchStart" | "touchMove", part: number) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: from.map((start, id) => {
        const end = to[id] ?? start;
        return {
          id,
          x: start.x + (end.x - start.x) * part,
          y: start.y + (end.y - start.y) * part,
        };
      }),
    });
  await send("touchStart", 0);
  for (let part = 1; part <= 10; part++) await send("touchMove", part / 10);
  await lift(session);
}

function lift(session: CDPSession): Promise<unknown> {
  return session.send("Input.dispatchTouchEvent", {
    type: "touchEnd",
    touchPoints: [],
  });
}

/** The part of the axis that stands in the address; undefined for all of it. */
function zoomOf(page: Page): Promise<number[] | undefined> {
  return page.evaluate(() =>
    new URLSearchParams(location.hash.split("?")[1] ?? "").get("zoom")
      ?.split("~").map(Number)
  );
}

async function untilZoom(
  page: Page,
  isIt: (zoom: number[] | undefined) => boolean,
): Promise<number[]> {
  while (true) {
    const zoom = await zoomOf(page);
    if (isIt(zoom)) return zoom ?? [];
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

Deno.test("fingers on a chart: two zoom, one pulls along and scrolls the page, a double tap shows all again", async () => {
  await using web = await openPages({
    browser: { hasTouch: true, viewport: { width: 375, height: 700 } },
  });
  const { page, server } = web;
  const em = clientOf(server.url, server.apiKey, () => Promise.resolve());
  const id = await em.make("/demo/touched");
  await em.put(
    "/demo/touched/metrics/train.yaml",
    metricsText(
      Array.from({ length: POINTS }, (_, step) => ({
        step,
        values: { loss: 5 + Math.sin(step / 50), other: step, third: -step },
      })),
    ),
  );
  await web.goto(`#/folders/${id}/metrics`);
  const chart = page.getByRole("region", { name: "loss", exact: true });
  const box = chart.locator(".chart-box");
  const whole = chart.locator(
    `.chart-box:not(.loading)[data-points="${POINTS}"]`,
  );
  await whole.waitFor();
  const over = chart.locator(".u-over");
  let area = await over.boundingBox();
  const at = (x: number, y = 0.5): Finger => {
    assert(area !== null);
    return { x: area.x + area.width * x, y: area.y + area.height * y };
  };
  const session = await page.context().newCDPSession(page);

  // One finger points while all is shown: what is there is said.
  await swipe(session, [at(0.3)], [at(0.5)]);
  const tip = await chart.locator(".chart-tip").boundingBox();
  assert(tip !== null && tip.x >= 0 && tip.x + tip.width <= 375, "it is cut");
  assertEquals(await zoomOf(page), undefined);

  // What is held by two fingers stays below them, and its detail is loaded.
  await swipe(session, [at(0.4), at(0.6, 0.3)], [at(0.2), at(0.8, 0.3)]);
  const [low = NaN, high = NaN] = await untilZoom(page, (zoom) => !!zoom);
  const near = POINTS * 0.03;
  assertAlmostEquals(low, POINTS / 3, near);
  assertAlmostEquals(high, POINTS * 2 / 3, near);
  await page.waitForFunction(
    (most) => {
      const box = document.querySelector<HTMLElement>(".chart-box");
      return !box?.classList.contains("loading") &&
        Number(box?.dataset["points"]) < most;
    },
    POINTS / 2,
  );

  // One finger pulls what is shown along.
  await swipe(session, [at(0.2)], [at(0.7)]);
  const [pulled = NaN, end = NaN] = await untilZoom(
    page,
    (zoom) => zoom?.[0] !== low,
  );
  assertAlmostEquals(pulled, low - (high - low) / 2, near);
  assertAlmostEquals(end - pulled, high - low, 1e-6 * POINTS);

  // Up and down is the page's.
  const address = await page.evaluate(() => location.hash);
  const { y: top = NaN } = await box.boundingBox() ?? {};
  await swipe(session, [at(0.5, 0.8)], [at(0.52, -0.6)]);
  await page.waitForFunction(
    (top) =>
      (document.querySelector(".chart-box")?.getBoundingClientRect().top ??
        top) < top - 50,
    top,
  );
  assertEquals(await page.evaluate(() => location.hash), address);
  await box.evaluate((element) => element.scrollIntoView({ block: "end" }));
  area = await over.boundingBox();

  // A double tap shows all; so does pinching it smaller than it is.
  for (let tap = 0; tap < 2; tap++) {
    await session.send("Input.dispatchTouchEvent", {
      type: "touchStart",
      touchPoints: [at(0.5)],
    });
    await lift(session);
  }
  await untilZoom(page, (zoom) => zoom === undefined);
  await whole.waitFor();
  await swipe(session, [at(0.4), at(0.6)], [at(0.3), at(0.7)]);
  await untilZoom(page, (zoom) => !!zoom);
  await swipe(session, [at(0.1), at(0.9)], [at(0.45), at(0.55)]);
  await untilZoom(page, (zoom) => zoom === undefined);
  await whole.waitFor();
  assertEquals(await box.count(), 1);
  assertEquals(web.problems, []);
});
