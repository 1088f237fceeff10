import { assert, assertEquals, assertMatch } from "@std/assert";
import axe from "axe-core";
import type { Download, Locator, Page, Request } from "playwright-core";
import { Admin } from "../../src/server/admin.ts";
import {
  clientOf,
  type EmServer,
  metadataText,
  metricsText,
} from "../server/metrics/support.ts";
import { openPages, type TestPages } from "./support/pages.ts";

type Values = Readonly<Record<string, number>>;

function records(
  count: number,
  valuesAt: (step: number) => Values,
  from = 0,
): string {
  const list = Array.from({ length: count }, (_, at) => ({
    step: from + at,
    epoch: Math.floor((from + at) / 100),
    values: valuesAt(from + at),
  }));
  return metricsText(list, Date.UTC(2026, 10, 23, 8) + from * 1000);
}

function emOf({ server }: TestPages): EmServer {
  return clientOf(server.url, server.apiKey, () => Promise.resolve());
}

/** A chart of the page by its metric. */
function chart(page: Page, id: string): Locator {
  return page.getByRole("region", { name: id, exact: true });
}

/** Waits until a chart has drawn as many points. */
async function drawn(page: Page, id: string, count: number): Promise<void> {
  await chart(page, id)
    .locator(`.chart-box:not(.loading)[data-points="${count}"] canvas`)
    .first().waitFor();
}

/** The questions for points that a page asks from now on. */
function pointsAsked(page: Page): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  page.on("request", (request: Request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname.endsWith("/em/v1/points")) asked.push(searchParams);
  });
  return asked;
}

/** How many pixels of a chart have about a colour, and how high up the first is, as a part of the height. */
function ink(
  page: Page,
  id: string,
  color: readonly [number, number, number],
): Promise<{ count: number; top: number }> {
  return chart(page, id).locator(".chart-host canvas").first().evaluate(
    (canvas, [red, green, blue]) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext("2d")
        ?.getImageData(0, 0, width, height) ?? { data: [] };
      let count = 0;
      let top = 1;
      for (let at = 0; at < data.length; at += 4) {
        const distance = Math.abs((data[at] ?? 0) - red) +
          Math.abs((data[at + 1] ?? 0) - green) +
          Math.abs((data[at + 2] ?? 0) - blue);
        if ((data[at + 3] ?? 0) < 200 || distance > 60) continue;
        count++;
        top = Math.min(top, Math.floor(at / 4 / width) / height);
      }
      return { count, top };
    },
    color,
  );
}

const BLUE = [0x3b, 0x78, 0xe7] as const;
/** The edge of a band of the first colour on white. */
const BAND = [0xb1, 0xc9, 0xf5] as const;
const ORANGE = [0xe0, 0x7a, 0x1f] as const;

async function textOf(download: Download): Promise<string> {
  const stream = await download.createReadStream();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of stream) parts.push(new Uint8Array(part));
  return await new Blob(parts).text();
}

async function save(page: Page, id: string, what: string): Promise<Download> {
  await chart(page, id).getByRole("button", { name: "More" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: what }).click(),
  ]);
  return download;
}

Deno.test("curves of a run: drawn with their marks, zoomed, smoothed, on other axes, and saved", async () => {
  await using web = await openPages();
  const { page } = web;
  const em = emOf(web);
  const id = await em.make("/demo/curves");
  await em.put(
    "/demo/curves/metrics/train.yaml",
    records(20_000, (step) => ({
      loss: step === 7777
        ? 9
        : step === 3000
        ? NaN
        : step === 4000
        ? Infinity
        : 1 + Math.sin(step / 300) / 2,
      "<b>odd</b>": step - 5,
    })),
  );
  await em.put(
    "/demo/curves/metrics/val.yaml",
    metricsText(Array.from({ length: 10 }, (_, at) => ({
      step: at * 2000,
      values: { loss: 2 + at / 100 },
    }))),
  );
  const asked = pointsAsked(page);
  await web.goto(`#/folders/${id}/metrics`);
  await drawn(page, "loss", 20_010);

  await page.getByText("✕ NaN ×1 · △ +∞ ×1").waitFor();
  const [first] = asked;
  assertEquals(first?.get("x"), "step");
  assertEquals(first?.get("from"), null);
  assert((await ink(page, "loss", BLUE)).count > 200, "train is drawn");
  assert((await ink(page, "loss", ORANGE)).count > 20, "val is drawn");

  const { top } = await ink(page, "loss", BAND);
  assert(top < 0.2, `one point of 20 000 is a spike, not only up to ${top}`);

  // A part of the axis is asked for at its own resolution, by all charts, and stands in the address.
  const plot = chart(page, "loss").locator(".u-over");
  const box = await plot.boundingBox();
  assert(box !== null);
  const y = box.y + box.height / 2;
  asked.length = 0;
  await page.mouse.move(box.x + box.width * 0.25, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.3, y, { steps: 3 });
  await page.mouse.up();
  await page.waitForURL(/zoom=/);
  await page.locator(".chart-box:not(.loading) canvas").first().waitFor();
  await chart(page, "<b>odd</b>").getByRole("button", { name: "Reset zoom" })
    .waitFor();
  const from = Number(asked[0]?.get("from"));
  const to = Number(asked[0]?.get("to"));
  assert(from > 4000 && from < 6000 && to > from && to < 7000, `${from} ${to}`);
  const zoomed = page.url();
  await plot.dblclick({ position: { x: 100, y: 60 } });
  await page.waitForURL((url) => !url.href.includes("zoom="));
  await drawn(page, "loss", 20_010);
  await page.goto("about:blank");
  await page.goto(zoomed);
  await chart(page, "loss").locator(".chart-box:not(.loading) canvas").first()
    .waitFor();
  assert(
    await chart(page, "loss").locator("[data-points]")
      .evaluate((box) => Number((box as HTMLElement).dataset["points"])) < 2000,
  );
  await page.getByRole("toolbar").getByRole("button", { name: "Reset zoom" })
    .click();
  await drawn(page, "loss", 20_010);

  // The keyboard moves the cursor, and all charts say what is there.
  await chart(page, "loss").getByRole("application").focus();
  await page.keyboard.press("Home");
  const said = chart(page, "loss").locator("[aria-live]");
  assertMatch(await said.innerText(), /train, Step \d+: 1\.\d+/);
  await page.keyboard.press("+");
  await page.waitForURL(/zoom=/);
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => !url.href.includes("zoom="));

  await page.getByRole("slider", { name: "Smoothing" }).fill("0.9");
  await page.getByRole("button", { name: "Log y" }).click();
  await page.getByText("Values of 0 or below have no logarithm").waitFor();
  await page.getByRole("button", { name: "Duration" }).click();
  await page.waitForURL(/by=relative/);
  await drawn(page, "loss", 20_010);
  assertMatch(page.url(), /log=y/);
  assertMatch(page.url(), /smooth=0.9/);
  await page.getByRole("button", { name: "Types apart" }).click();
  await drawn(page, "val/loss", 10);
  await page.getByRole("button", { name: "Types apart" }).click();

  const svg = await save(page, "<b>odd</b>", "SVG");
  assertEquals(svg.suggestedFilename(), "_b_odd_b_.svg");
  const picture = await textOf(svg);
  assertMatch(picture, /^<svg [^]*&#60;b&#62;odd&#60;\/b&#62;[^]*<path /);
  assert(!picture.includes("<b>"));
  const png = await save(page, "loss", "PNG");
  assertEquals((await textOf(png)).slice(1, 4), "PNG");
  const csv = await textOf(await save(page, "loss", "CSV"));
  assertEquals(csv.trimEnd().split("\r\n").length, 1 + 20_010);

  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof import("axe-core") }).axe
      .run(".board")
  );
  const serious = violations.filter(({ impact }) =>
    impact === "serious" || impact === "critical"
  );
  assertEquals(serious.map(({ id, nodes }) => [id, nodes[0]?.html]), []);
  assertEquals(web.problems, []);
});

Deno.test("curves grow by what is new only, and charts that nobody sees ask nothing", async () => {
  await using web = await openPages();
  const { page } = web;
  const em = emOf(web);
  const id = await em.make("/demo/live");
  await web.goto(`#/folders/${id}/metrics`);
  await page.getByText("No metrics yet").waitFor();

  const valuesAt = (step: number): Values =>
    Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`m${at}`, step * at]),
    );
  const text = records(100, valuesAt);
  await em.put("/demo/live/metrics/train.yaml", text);
  const asked = pointsAsked(page);
  await drawn(page, "m0", 100);
  await drawn(page, "m1", 100);
  const names = new Set(asked.flatMap((query) => query.getAll("metric")));
  assert(names.size < 20, `only what is seen is asked for, not ${names.size}`);
  assert(!names.has("train/m59"));

  asked.length = 0;
  const more = records(25, valuesAt, 100);
  await em.append("/demo/live/metrics/train.yaml", text.length, more);
  await drawn(page, "m0", 125);
  await drawn(page, "m1", 125);
  assert(asked.length >= 1);
  for (const query of asked) {
    const cursors = query.getAll("after");
    assertEquals(cursors.length, query.getAll("metric").length);
    assert(cursors.every((cursor) => /^\d+\.\d+$/.test(cursor)), `${cursors}`);
  }

  await page.getByRole("searchbox", { name: "Search metrics" }).fill("/^m59$/");
  await drawn(page, "m59", 125);
  assertEquals(await page.locator(".chart").count(), 1);
  await page.getByRole("searchbox").fill("nothing like that");
  await page.getByText("No metric matches").waitFor();
  await page.getByRole("button", { name: "Clear search" }).click();

  await chart(page, "m1").getByRole("button", { name: "Show large" }).click();
  const dialog = page.getByRole("dialog", { name: "m1" });
  await dialog.locator("[data-points='125'] canvas").first().waitFor();
  await page.waitForURL(/chart=m1/);
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.waitForURL((url) => !url.href.includes("chart="));
  await chart(page, "m1").getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Pin to the top" }).click();
  await page.getByRole("button", { name: /Pinned/ }).waitFor();
  assertEquals(await page.locator(".chart h3").first().innerText(), "m1");
  assertEquals(web.problems, []);
});

Deno.test("curves of several runs say together what each has at the cursor, the nearest first of all", async () => {
  await using web = await openPages();
  const { page } = web;
  const em = emOf(web);
  const ids: string[] = [];
  for (let at = 0; at < 14; at++) {
    ids.push(await em.make(`/demo/run-${at}`));
    const text = records(50, () => ({ loss: at }));
    await em.put(`/demo/run-${at}/metrics/train.yaml`, text);
  }
  const runs = ids.map((id) => `run=${id}`).join("&");
  await web.goto(`#/compare?${runs}`);
  await drawn(page, "loss", 14 * 50);
  const plot = chart(page, "loss").locator(".u-over");
  const box = await plot.boundingBox();
  assert(box !== null);
  await plot.hover({ position: { x: box.width / 2, y: box.height - 20 } });
  const tip = chart(page, "loss").locator(".chart-tip");
  await tip.getByText("and 2 more").waitFor();
  const rows = await tip.locator("tr").allInnerTexts();
  assertEquals(rows.length, 12);
  const values = rows.map((row) => Number(/(\d+)\s*$/.exec(row)?.[1]));
  assertEquals(values, values.toSorted((a, b) => b - a));
  assertEquals(await tip.locator("tr.nearest").count(), 1);
  assertMatch(await tip.locator("tr.nearest").innerText(), /run-1 · train/);
  await page.mouse.move(1, 1);
  await tip.waitFor({ state: "detached" });
  assertEquals(web.problems, []);
});

Deno.test("curves of runs that others share grow as it is told, and by no question but for what is new", async () => {
  await using web = await openPages();
  const { page, server } = web;
  let key = "";
  {
    using admin = new Admin(server.dataDir);
    admin.users.add("ann");
    key = admin.keys.add("ann").apiKey;
  }
  const ann = clientOf(server.url, key, () => Promise.resolve());
  const ids: string[] = [];
  const first = records(10, (step) => ({ loss: step }));
  for (const name of ["a", "b"]) {
    const id = await ann.make(`/ann/${name}`);
    await ann.put(`/ann/${name}/metadata.yaml`, metadataText(name, "Running"));
    await ann.put(`/ann/${name}/metrics/train.yaml`, first);
    await ann.json("PUT /apis/v1/nodes/shares", {
      json: { node: id, shares: [{ user: "demo", permission: "view" }] },
    });
    ids.push(id);
  }
  await web.goto(`#/compare/curves?run=${ids[0]}&run=${ids[1]}`);
  await drawn(page, "loss", 20);
  const path = "/ann/b/metrics/train.yaml";
  let length = first.length;
  const grow = async (from: number) => {
    const more = records(5, (step) => ({ loss: step }), from);
    await ann.append(path, length, more);
    length += more.length;
  };
  // What comes before the page listens, it asks for itself.
  await grow(10);
  await drawn(page, "loss", 25);
  const asked = pointsAsked(page);
  await grow(15);
  await drawn(page, "loss", 30);
  assertEquals(asked.map((query) => query.getAll("node")), [[ids[1]]]);

  // So do the values of a table.
  await web.goto(`#/compare/metrics?run=${ids[0]}&run=${ids[1]}`);
  await page.getByRole("cell", { name: "19" }).first().waitFor();
  await grow(20);
  await page.getByRole("cell", { name: "24" }).first().waitFor();
  assertEquals(web.problems, []);
});
