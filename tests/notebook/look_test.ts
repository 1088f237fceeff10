/// <reference lib="dom" />

import { assert, assertEquals } from "@std/assert";
import { runCard } from "../../src/notebook/run_card.ts";
import { RunViewer } from "../../src/notebook/run_view.ts";
import { LocalSource } from "../../src/reading/local_source.ts";
import { startBrowser } from "../support/browser.ts";
import { writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";

const LIGHT = "rgb(255, 255, 255)";
const DARK = "rgb(26, 30, 38)";

async function card(): Promise<string> {
  using dir = tempDir();
  const hostile = `"><img src=x onerror="window.hurt = 1">`;
  const values = Array.from({ length: 500 }, (_, at) => 1 / (at + 1));
  const path = writeRun(dir.path, {
    metadata: { name: "cnn", labels: [hostile], description: hostile },
    hparams: { [hostile]: hostile, lr: 0.1 },
    metrics: {
      train: { loss: values, [hostile]: values },
      val: { loss: values },
    },
  });
  const view = await new RunViewer(new LocalSource(path)).look();
  return String(runCard(view));
}

Deno.test("a card is light or dark as its notebook says, else as the system says", async () => {
  const html = await card();
  const cases = [
    ["<body>", "light", LIGHT],
    ["<body>", "dark", DARK],
    [`<body data-jp-theme-light="false">`, "light", DARK],
    [`<body data-jp-theme-light="true">`, "dark", LIGHT],
    [`<body class="vscode-dark">`, "light", DARK],
    [`<body class="vscode-light">`, "dark", LIGHT],
    [`<body class="vscode-high-contrast">`, "light", DARK],
    [
      `<body class="vscode-high-contrast vscode-high-contrast-light">`,
      "dark",
      LIGHT,
    ],
    [`<html theme="dark"><body>`, "light", DARK],
  ] as const;
  await using web = await startBrowser();
  for (const [body, colorScheme, wanted] of cases) {
    await web.page.emulateMedia({ colorScheme });
    await web.page.setContent(`<!doctype html>${body}${html}`);
    const found = await web.page.locator(".em-card").evaluate((element) =>
      getComputedStyle(element).backgroundColor
    );
    assertEquals(found, wanted, `${body} ${colorScheme}`);
  }
});

Deno.test("a card changes nothing beside it, runs nothing, and fits where there is little room", async () => {
  await using web = await startBrowser();
  const beside =
    "<table id=beside><tr><th>a</th><td>b</td></tr></table><p id=text>c <b>d</b></p><dl><dt id=dt>e</dt></dl>";
  const look = () =>
    web.page.locator("#beside, #beside td, #text, #text b, #dt").evaluateAll(
      (elements) =>
        elements.map((element) => {
          const { color, font, border, display, textAlign } = getComputedStyle(
            element,
          );
          return [color, font, border, display, textAlign].join();
        }),
    );
  await web.page.setContent(`<!doctype html><body>${beside}`);
  const before = await look();
  assertEquals(before.length, 5);
  await web.page.setContent(`<!doctype html><body>${await card()}${beside}`);
  assertEquals(await look(), before);
  assertEquals(await web.page.evaluate("window.hurt"), undefined);
  assertEquals(web.problems, []);
  for (const width of [320, 700, 1400]) {
    await web.page.setViewportSize({ width, height: 800 });
    const [page, chart] = await web.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.querySelector("svg")?.getBoundingClientRect().width ?? 0,
    ]);
    assert((page ?? Infinity) <= width, `${page} of ${width}`);
    assert((chart ?? 0) > 200, `a chart of ${chart} at ${width}`);
  }
});
