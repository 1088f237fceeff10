import type { Page } from "playwright-core";

/** What of a page is used here: benchmarks are checked without the types of browsers. */
interface PageGlobals {
  readonly document: {
    querySelector(selector: string): {
      readonly dataset: Readonly<Record<string, string>>;
      readonly classList: { contains(name: string): boolean };
      dispatchEvent(event: unknown): void;
    } | null;
  };
  readonly MouseEvent: new (type: string, options: object) => unknown;
  requestAnimationFrame(call: () => void): void;
  zoomed: Promise<number>;
}

/** Begins to watch the first chart of a page; answers with how long it took from the release of the mouse to the drawn detail. */
export async function watchZoom(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const it = globalThis as unknown as PageGlobals;
    const box = it.document.querySelector(".chart-box");
    const before = box?.dataset["points"];
    let start = 0;
    addEventListener("mouseup", () => start = performance.now(), {
      capture: true,
      once: true,
    });
    it.zoomed = new Promise((resolve) => {
      const look = (): void => {
        const isDone = start > 0 && box?.dataset["points"] !== before &&
          !box?.classList.contains("loading");
        // What was drawn now is shown with the next frame.
        if (isDone) {
          it.requestAnimationFrame(() => resolve(performance.now() - start));
        } else it.requestAnimationFrame(look);
      };
      look();
    });
  });
  return () =>
    page.evaluate(() => (globalThis as unknown as PageGlobals).zoomed);
}

/** How many frames a second there are while the cursor moves over the first chart of a page. */
export async function framesWhileMoving(page: Page): Promise<number> {
  const box = await page.locator(".u-over").first().boundingBox();
  if (box === null) throw new Error("There is no chart");
  return await page.evaluate(async ({ x, y, width, height }) => {
    const it = globalThis as unknown as PageGlobals;
    const over = it.document.querySelector(".u-over");
    const start = performance.now();
    const count = 60;
    for (let at = 0; at < count; at++) {
      over?.dispatchEvent(
        new it.MouseEvent("mousemove", {
          clientX: x + width * at / count,
          clientY: y + height * (at % 10) / 10,
          bubbles: true,
        }),
      );
      await new Promise<void>((resolve) => it.requestAnimationFrame(resolve));
    }
    return count / ((performance.now() - start) / 1000);
  }, box);
}
