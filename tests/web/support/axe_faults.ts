import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds serious or critical in the content of a page, each with the first element that has it. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results: AxeResults = await page.evaluate("axe.run('#main')");
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 300)}`);
}
