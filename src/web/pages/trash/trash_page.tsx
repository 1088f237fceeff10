/**
 * What was deleted.
 *
 * @module
 */

import type { JSX } from "preact";
import { COMMON } from "../../text/common.ts";

/** Shows what was deleted. */
export function TrashPage(): JSX.Element {
  return (
    <div class="page">
      <h1>{COMMON.trash()}</h1>
    </div>
  );
}
