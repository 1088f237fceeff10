/**
 * What is wrong in documents.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Document, Problem } from "../api/types.ts";
import { RUN } from "../text/run.ts";
import { Icon } from "../ui/icon.tsx";

/** Says what is wrong in a document. */
export function Damaged(
  { document }: { readonly document: Document },
): JSX.Element {
  return (
    <div class="notice warn" role="alert">
      <Icon name="warn" />
      <span>
        <strong>{document.key}</strong>: {RUN.damaged()} —{" "}
        <span class="user-text">
          {document.problem && problemText(document.problem)}
        </span>
      </span>
    </div>
  );
}

/** A problem in words, with its line. */
export function problemText({ line, message }: Problem): string {
  return line === undefined ? message : RUN.problemAt({ line, message });
}
