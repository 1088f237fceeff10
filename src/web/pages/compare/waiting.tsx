/**
 * What stands where values are still waited for.
 *
 * @module
 */

import type { JSX } from "preact";
import { Skeleton } from "../../ui/small.tsx";
import type { RunTableState } from "./run_table.ts";

/** Shows that something is waited for; what went wrong stands above. */
export function Waiting(
  { state }: { readonly state: RunTableState },
): JSX.Element | null {
  return state.error ? null : <Skeleton lines={8} />;
}
