/**
 * What others share.
 *
 * @module
 */

import type { JSX } from "preact";
import { COMMON } from "../../text/common.ts";

/** Shows what others share with the user, or with everyone. */
export function SharedPage(
  { from }: { readonly from: "shared" | "public" },
): JSX.Element {
  return (
    <div class="page">
      <h1>{COMMON[from]()}</h1>
    </div>
  );
}
