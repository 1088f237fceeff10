import axe from "axe-core";
import type { Page } from "playwright-core";

/**
 * Serious faults of what a page shows for people who cannot see it, or only use a keyboard.
 *
 * @param page The page.
 * @param scope Where to look. Default: below the bar.
 */
export async function seriousFaults(
  page: Page,
  scope = "#main",
): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: { id: string; impact: string; nodes: string[] }[] = await page
    .evaluate(
      `axe.run(${
        JSON.stringify(scope)
      }).then(({ violations }) => violations.map((each) => ({
        id: each.id,
        impact: each.impact,
        nodes: each.nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)),
      })))`,
    );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.join(" | ")}`);
}
