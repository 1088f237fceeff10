/**
 * What can be done with a table: search it, copy it.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { route, setParams } from "../../state/route.ts";
import { toast, toastError } from "../../state/toasts.ts";
import { COMPARE } from "../../text/compare.ts";
import { Menu } from "../../ui/menu.tsx";
import { type TextTable, toCsv, toMarkdown } from "./table_text.ts";

/** Shows the tools. The search stands in the address as `q`. */
export function TableTools(
  { children, toTable }: {
    readonly children?: ComponentChildren;
    /** The table as it is shown, whole. */
    readonly toTable: () => TextTable;
  },
): JSX.Element {
  const copy = (write: (table: TextTable) => string) => (): void => {
    navigator.clipboard.writeText(write(toTable()))
      .then(() => toast("done", COMPARE.copied()), toastError);
  };
  return (
    <div class="table-tools">
      <input
        class="input"
        type="search"
        aria-label={COMPARE.search()}
        placeholder={COMPARE.search()}
        value={route.value.params.get("q") ?? ""}
        onInput={(event) => setParams({ q: event.currentTarget.value })}
      />
      {children}
      <span class="spacer" />
      <Menu
        label={COMPARE.copyTable()}
        icon="copy"
        items={[
          { label: COMPARE.copyCsv(), onSelect: copy(toCsv) },
          { label: COMPARE.copyMarkdown(), onSelect: copy(toMarkdown) },
        ]}
      />
    </div>
  );
}
