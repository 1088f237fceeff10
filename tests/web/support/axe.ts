import axe from "axe-core";
import type { Page } from "playwright-core";

/** Serious faults of what a page shows below the bar for people who cannot see it, or only use a keyboard. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: { id: string; impact: string; nodes: string[] }[] = await page
    .evaluate(
      `axe.run('#main').then(({ violations }) => violations.map((each) => ({
        id: each.id,
        impact: each.impact,
        nodes: each.nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)),
      })))`,
    );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.join(" | ")}`);
}
