/**
 * What is above a folder's table: search, condition, columns.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { setParams } from "../../state/route.ts";
import { FOLDER } from "../../text/folder.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { ColumnChooser } from "./column_chooser.tsx";
import { filterNames } from "./completion.ts";
import { FilterInput } from "./filter_input.tsx";
import type { FolderView } from "./folder_query.ts";
import { useDraft } from "./use_draft.ts";
import type { ColumnChoice } from "./use_columns.ts";

/** What is filtered by, and what came of it. */
export interface FilterBarProps {
  readonly view: FolderView;
  readonly choice: ColumnChoice;
  /** What is wrong with the condition. */
  readonly problem: string | undefined;
  /** Names that no run has. */
  readonly unknown: readonly string[];
}

/** Shows search, condition and the choice of columns. */
export function FilterBar(props: FilterBarProps): JSX.Element {
  const { view, choice, problem, unknown } = props;
  const [isChoosing, setChoosing] = useState(false);
  return (
    <>
      <div class="filter-bar">
        <SearchInput value={view.search} />
        <FilterInput
          value={view.filter}
          names={filterNames(choice.catalogue)}
          problem={problem}
        />
        <label class="toggle">
          <input
            type="checkbox"
            checked={view.isRecursive}
            onChange={(event) =>
              setParams({ below: event.currentTarget.checked ? "all" : "" })}
          />
          {FOLDER.below()}
        </label>
        <Button
          icon="columns"
          pressed={isChoosing}
          onClick={() => setChoosing(true)}
        >
          {FOLDER.columns()}
        </Button>
      </div>
      {unknown.length > 0 && problem === undefined && (
        <p class="notice warn user-text" role="status">
          {FOLDER.unknown({ names: unknown.join(", ") })}
        </p>
      )}
      {isChoosing && (
        <ColumnChooser
          choice={choice}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  );
}

function SearchInput({ value }: { readonly value: string }): JSX.Element {
  const [draft, setDraft] = useDraft(value, (text) => setParams({ q: text }));
  return (
    <label class="search-input">
      <Icon name="search" />
      <input
        type="search"
        class="input"
        aria-label={FOLDER.search()}
        placeholder={FOLDER.search()}
        title={FOLDER.searchHint()}
        maxLength={256}
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
      />
    </label>
  );
}
