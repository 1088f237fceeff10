/**
 * How much a client may write on a node.
 *
 * @module
 */

import {
  MAX_DESCRIPTION_BYTES,
  MAX_EXTRA_BYTES,
  MAX_LABEL_LENGTH,
  MAX_LABELS,
} from "./limits.ts";
import { invalid } from "./refusal.ts";

/** What a client writes on a node; what is left out is not checked. */
export interface NodeTexts {
  /** The labels. */
  readonly labels?: readonly string[] | undefined;
  /** Free text. */
  readonly description?: string | undefined;
  /** Text of the client's own. */
  readonly extra?: string | undefined;
}

const encoder = new TextEncoder();

/**
 * Checks what a client writes on a node.
 *
 * @param texts What it writes.
 * @throws {Refusal} If it is too much.
 */
export function checkNodeTexts(texts: NodeTexts): void {
  const { labels = [], description = "", extra = "" } = texts;
  if (labels.length > MAX_LABELS) {
    throw invalid(
      `invalid labels: there are ${labels.length}, ${MAX_LABELS} are allowed`,
    );
  }
  if (labels.some((label) => label.length > MAX_LABEL_LENGTH)) {
    throw invalid(
      `invalid label: it has more than ${MAX_LABEL_LENGTH} characters`,
    );
  }
  checkBytes("description", description, MAX_DESCRIPTION_BYTES);
  checkBytes("extra", extra, MAX_EXTRA_BYTES);
}

function checkBytes(name: string, text: string, max: number): void {
  const { length } = encoder.encode(text);
  if (length <= max) return;
  throw invalid(
    `invalid ${name}: it has ${length} bytes, ${max} are allowed`,
  );
}
