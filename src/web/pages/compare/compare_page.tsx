/**
 * The comparison of runs.
 *
 * @module
 */

import type { JSX } from "preact";
import { COMMON } from "../../text/common.ts";

/** Shows the runs that the address names, beside each other. */
export function ComparePage(): JSX.Element {
  return (
    <div class="page">
      <h1>{COMMON.compare()}</h1>
    </div>
  );
}
