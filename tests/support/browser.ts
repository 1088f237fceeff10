/// <reference lib="dom" />

import {
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
} from "playwright-core";
import { findBrowser } from "./browser_path.ts";

/** A real browser for one test. */
export interface TestBrowser extends AsyncDisposable {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What went wrong in the page: exceptions, messages of the kind error, breaches of the policy. */
  readonly problems: string[];
}

/** Starts a browser: `await using web = await startBrowser()`. */
export async function startBrowser(
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<TestBrowser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new Error(
      "There is no Chromium: install it, or name one in EM_TEST_CHROMIUM",
    );
  }
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`${error}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  return {
    browser,
    context,
    page,
    problems,
    async [Symbol.asyncDispose]() {
      await browser.close();
    },
  };
}
