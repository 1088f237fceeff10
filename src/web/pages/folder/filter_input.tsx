/**
 * The input for a condition, which proposes the names of columns.
 *
 * @module
 */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { setParams } from "../../state/route.ts";
import { FOLDER } from "../../text/folder.ts";
import { Icon } from "../../ui/icon.tsx";
import { complete, type Completion, completionAt } from "./completion.ts";
import { useDraft } from "./use_draft.ts";

const NOTHING: Completion = { from: 0, to: 0, items: [] };

/** Shows the input. Arrow keys, Enter or Tab and Escape work on the proposals. */
export function FilterInput({ value, names, problem }: {
  readonly value: string;
  readonly names: readonly string[];
  /** What is wrong with the condition. */
  readonly problem: string | undefined;
}): JSX.Element {
  const use = (text: string): void => setParams({ filter: text });
  const [draft, setDraft] = useDraft(value, use);
  const [completion, setCompletion] = useState(NOTHING);
  const [chosen, setChosen] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | undefined>(undefined);
  // At once: the next letter may be typed before the page is painted.
  useLayoutEffect(() => {
    if (caret.current === undefined) return;
    input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  });
  const { items } = completion;
  const isOpen = items.length > 0;

  const propose = (): void => {
    const { value: text = "", selectionStart } = input.current ?? {};
    setCompletion(completionAt(text, selectionStart ?? text.length, names));
    setChosen(0);
  };
  const close = (): void => setCompletion(NOTHING);
  const accept = (at: number): void => {
    const proposal = items[at];
    if (proposal === undefined) return;
    const next = complete(draft, completion, proposal);
    setDraft(next.text);
    caret.current = next.caret;
    close();
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      setChosen((chosen + step + items.length) % items.length);
    } else if (isOpen && (event.key === "Enter" || event.key === "Tab")) {
      accept(chosen);
    } else if (isOpen && event.key === "Escape") close();
    else if (event.key === "Enter") use(draft);
    else return;
    event.preventDefault();
  };
  return (
    <div class="filter-input">
      <Icon name="filter" />
      <input
        ref={input}
        type="text"
        class="input mono"
        role="combobox"
        aria-label={FOLDER.filter()}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls="filter-proposals"
        {...(isOpen ? { "aria-activedescendant": `proposal-${chosen}` } : {})}
        aria-invalid={problem !== undefined}
        {...(problem === undefined
          ? {}
          : { "aria-describedby": "filter-problem" })}
        autoComplete="off"
        spellcheck={false}
        maxLength={4000}
        placeholder={FOLDER.filterHint()}
        title={FOLDER.filterHelp()}
        value={draft}
        onInput={(event) => {
          setDraft(event.currentTarget.value);
          propose();
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <ul
        id="filter-proposals"
        role="listbox"
        class="proposals"
        aria-label={FOLDER.proposals()}
        hidden={!isOpen}
      >
        {items.map(({ label }, i) => (
          <li
            key={label}
            id={`proposal-${i}`}
            role="option"
            aria-selected={i === chosen}
            class="cut user-text"
            onMouseDown={(event) => {
              event.preventDefault();
              accept(i);
            }}
          >
            {label}
          </li>
        ))}
      </ul>
      {problem !== undefined && (
        <p id="filter-problem" class="filter-problem user-text" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
