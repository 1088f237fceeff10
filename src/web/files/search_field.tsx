/**
 * A field for what is searched for on a page.
 *
 * @module
 */

import type { JSX } from "preact";
import { param, setParams } from "../state/route.ts";
import { Icon } from "../ui/icon.tsx";

/** What is searched for; it stands in the address. */
export const searched = param("q");

/** Shows the field. */
export function SearchField(
  { label, onEnter }: {
    readonly label: string;
    /** Told of Enter, and whether Shift was held. */
    readonly onEnter?: (isShifted: boolean) => void;
  },
): JSX.Element {
  return (
    <label class="search-field">
      <Icon name="search" />
      <input
        class="input"
        type="search"
        value={searched.value ?? ""}
        placeholder={label}
        aria-label={label}
        onInput={(event) => setParams({ q: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === "Enter") onEnter?.(event.shiftKey);
        }}
      />
    </label>
  );
}
