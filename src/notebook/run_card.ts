/**
 * A run as HTML.
 *
 * @module
 */

import type { YamlValue } from "../format/yaml_value.ts";
import { shownPath } from "../local/shown_path.ts";
import { type Markup, markup } from "./markup.ts";
import { cardHead, problems, scrolled } from "./card_parts.ts";
import { metricParts } from "./metric_parts.ts";
import type { RunView } from "./run_view.ts";
import { STYLE } from "./style.ts";
import { cut, howMany, shownValue } from "./texts.ts";

/** How many hyperparameters are seen at once, and how many there are at most. */
const SEEN_PARAMS = 16;
const MOST_PARAMS = 100;

/**
 * Draws a run.
 *
 * @param run The run.
 * @returns HTML of bounded size, however long the run is and whatever its names are.
 */
export function runCard(run: RunView): Markup {
  const place = run.host === null ? shownPath(run.path) : run.path;
  return markup`${STYLE}<div class="em-card">${
    cardHead(run)
  }<div class="em-head"><span class="em-muted em-user em-mono">${
    cut(place, 300)
  }</span></div>${params(run.hparams)}${metricParts(run.series)}${
    problems(run.problems)
  }</div>`;
}

function params(hparams: RunView["hparams"]): Markup {
  if (hparams.size === 0) return markup``;
  const all = [...hparams];
  const list = (entries: readonly (readonly [string, YamlValue])[]) =>
    markup`<dl class="em-params">${
      entries.map(([name, value]) =>
        markup`<div><dt class="em-user">${
          cut(name, 80)
        }</dt><dd class="em-user">${shownValue(value)}</dd></div>`
      )
    }</dl>`;
  if (all.length <= SEEN_PARAMS) return list(all);
  const more = all.length - SEEN_PARAMS;
  const left = all.length - MOST_PARAMS;
  return markup`${list(all.slice(0, SEEN_PARAMS))}<details><summary>${
    howMany(more, "more hyperparameter")
  }</summary>${list(all.slice(SEEN_PARAMS, MOST_PARAMS))}${
    left > 0 ? scrolled(markup`and ${left} that are not shown`) : ""
  }</details>`;
}
