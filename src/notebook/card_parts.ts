/**
 * Parts that several cards have.
 *
 * @module
 */

import type { TrueLife } from "../reading/node_entry.ts";
import { type Content, type Markup, markup } from "./markup.ts";
import type { RunView } from "./run_view.ts";
import { cut, statusWord, tookText } from "./texts.ts";

const MOST_LABELS = 24;
const MOST_PROBLEMS = 5;

/** What the head of a card says. */
export type Headed =
  & Pick<RunView, "name" | "labels" | "description" | "startTimestamp">
  & Partial<TrueLife>;

/**
 * The head of a card: status, name, labels, time and description.
 *
 * @param node What it is of; an artifact has no status.
 * @returns The head.
 */
export function cardHead(node: Headed): Markup {
  const { name, labels, description, status, state, durationMs } = node;
  const life = status === undefined || state === undefined
    ? markup``
    : statusMark({ status, state });
  const hidden = labels.length - MOST_LABELS;
  return markup`<div class="em-head">${life}<span class="em-name em-user">${
    cut(name, 80)
  }</span>${
    labels.slice(0, MOST_LABELS).map((label) =>
      markup`<span class="em-label em-user">${cut(label, 60)}</span>`
    )
  }${
    hidden > 0 ? markup`<span class="em-muted">and ${hidden} more</span>` : ""
  }<span class="em-muted em-push" title="since ${node.startTimestamp}">${
    durationMs === undefined
      ? cut(node.startTimestamp.slice(0, 19).replace("T", " "), 19)
      : tookText(durationMs)
  }</span></div>${
    description === ""
      ? ""
      : markup`<div class="em-text em-user">${cut(description, 600)}</div>`
  }`;
}

/**
 * How a run is.
 *
 * @param life What is true of it.
 * @returns The word, coloured.
 */
export function statusMark(
  { status, state }: Pick<TrueLife, "status" | "state">,
): Markup {
  const word = statusWord({ status, state });
  return markup`<span class="em-status ${colorOf({ status, state })}">${
    cut(word, 30)
  }</span>`;
}

function colorOf(
  { status, state }: Pick<TrueLife, "status" | "state">,
): string {
  if (state === "quiet") return "em-warn";
  if (status === "Complete") return "em-good";
  if (status === "Error" || status === null) return "em-bad";
  return status === "Running" ? "em-live" : "";
}

/**
 * What cannot be read.
 *
 * @param sentences A sentence each.
 * @returns The sentences.
 */
export function problems(sentences: readonly string[]): Markup[] {
  return sentences.slice(0, MOST_PROBLEMS).map((sentence) =>
    markup`<div class="em-problem em-bad em-user">${cut(sentence, 300)}</div>`
  );
}

/**
 * What may be wider than there is room.
 *
 * @param content The content.
 * @returns It, so that it can be scrolled.
 */
export function scrolled(content: Content): Markup {
  return markup`<div class="em-scroll">${content}</div>`;
}

/**
 * The mark of a line of a chart.
 *
 * @param color The line's colour.
 * @returns The mark.
 */
export function swatch(color: string): Markup {
  return markup`<span class="em-swatch" style="background:${color}"></span>`;
}
