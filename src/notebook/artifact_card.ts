/**
 * An artifact, as HTML and as text.
 *
 * @module
 */

import type { DrawnArtifact } from "../display/notebook.ts";
import type { MimeBundle } from "../display/types.ts";
import { EmError } from "../errors.ts";
import { isOsError } from "../local/os_error.ts";
import { shownPath } from "../local/shown_path.ts";
import { formatBytes } from "../progress.ts";
import { safeText } from "../safe_text.ts";
import { cardHead, problems, scrolled } from "./card_parts.ts";
import { type Markup, markup } from "./markup.ts";
import { STYLE } from "./style.ts";
import { cut, howMany } from "./texts.ts";

/** How many objects the card names, and how many the text does. */
const MOST_ROWS = 50;
const MOST_LINES = 20;

type Objects = DrawnArtifact["objects"];

/**
 * Draws an artifact.
 *
 * @param artifact The artifact.
 * @returns The drawing. What cannot be read is said in it.
 */
export function artifactBundle(artifact: DrawnArtifact): MimeBundle {
  const trouble: string[] = [];
  const objects = objectsOf(artifact, trouble);
  return {
    "text/plain": [
      safeText(`Artifact "${artifact.name}", ${summary(objects)}`),
      safeText(`  ${artifact.local}`),
      ...objects.slice(0, MOST_LINES).map((one) =>
        safeText(`  ${cut(one.path, 200)}  ${cut(detail(one), 200)}`)
      ),
      ...hiddenOf(objects, MOST_LINES).map((hidden) => `  ${hidden}`),
      ...trouble.map((sentence) => safeText(`  ${sentence}`)),
    ].join("\n"),
    "text/html": String(card(artifact, { objects, trouble })),
  };
}

function objectsOf(artifact: DrawnArtifact, trouble: string[]): Objects {
  try {
    return artifact.objects;
  } catch (error) {
    if (!(error instanceof EmError) && !isOsError(error)) throw error;
    trouble.push(error.message);
    return [];
  }
}

function card(
  artifact: DrawnArtifact,
  { objects, trouble }: {
    readonly objects: Objects;
    readonly trouble: readonly string[];
  },
): Markup {
  const { name, labels, description, createdTimestamp, local } = artifact;
  return markup`${STYLE}<div class="em-card">${
    cardHead({
      name,
      labels,
      description,
      startTimestamp: createdTimestamp,
    })
  }<div class="em-head"><span class="em-muted em-user em-mono">${
    cut(shownPath(local), 300)
  }</span></div><div class="em-text em-muted">${
    summary(
      objects,
    )
  }</div>${
    objects.length === 0 ? "" : scrolled(
      markup`<table><tbody>${
        objects.slice(0, MOST_ROWS).map((one) =>
          markup`<tr><td class="em-user em-mono">${
            cut(one.path, 200)
          }</td><td class="em-user">${cut(detail(one), 200)}</td></tr>`
        )
      }</tbody></table>${
        hiddenOf(objects, MOST_ROWS).map((hidden) =>
          markup`<span class="em-muted">${hidden}</span>`
        )
      }`,
    )
  }${problems(trouble)}</div>`;
}

function detail(object: Objects[number]): string {
  return "uri" in object ? `→ ${object.uri}` : formatBytes(object.sizeBytes);
}

function summary(objects: Objects): string {
  let sizeBytes = 0;
  for (const one of objects) if ("sizeBytes" in one) sizeBytes += one.sizeBytes;
  return `${howMany(objects.length, "object")}, ${formatBytes(sizeBytes)}`;
}

function hiddenOf(objects: Objects, most: number): string[] {
  return objects.length > most
    ? [`and ${howMany(objects.length - most, "object")} that are not shown`]
    : [];
}
