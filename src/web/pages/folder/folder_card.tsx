/**
 * What is known of a folder.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node } from "../../api/types.ts";
import { FOLDER } from "../../text/folder.ts";
import { Ago, Chips, CopyButton } from "../../ui/small.tsx";
import { Icon } from "../../ui/icon.tsx";
import { isCardOpen } from "./folder_memory.ts";

/** Shows description and labels; opened, everything. */
export function FolderCard({ node }: { readonly node: Node }): JSX.Element {
  const { id, path, labels, description, editor, modifiedTimestamp } = node;
  const isOpen = isCardOpen.value;
  return (
    <section class="card folder-card">
      <button
        type="button"
        class="folder-card-head"
        aria-expanded={isOpen}
        onClick={() => isCardOpen.value = !isOpen}
      >
        <span class={`twist ${isOpen ? "open" : ""}`}>
          <Icon name="right" />
        </span>
        <span class="muted">{FOLDER.details()}</span>
        {!isOpen && (
          <>
            <Chips labels={labels.slice(0, 5)} />
            <span class="cut user-text">{description.slice(0, 300)}</span>
          </>
        )}
      </button>
      {isOpen && (
        <dl class="facts">
          <dt>{FOLDER.editor()}</dt>
          <dd class="user-text">{editor || "–"}</dd>
          <dt>{FOLDER.modified()}</dt>
          <dd>
            <Ago ms={Date.parse(modifiedTimestamp)} />
          </dd>
          <dt>{FOLDER.id()}</dt>
          <dd class="copied mono">
            <span class="cut">{id}</span>
            <CopyButton text={id} />
          </dd>
          <dt>{FOLDER.path()}</dt>
          <dd class="copied mono">
            <span class="cut user-text" title={path}>{path}</span>
            <CopyButton text={path} />
          </dd>
          <dt>{FOLDER.labels()}</dt>
          <dd class="chips">
            {labels.length > 0 ? <Chips labels={labels} /> : "–"}
          </dd>
          <dt>{FOLDER.description()}</dt>
          <dd class="user-text long">{description || "–"}</dd>
        </dl>
      )}
    </section>
  );
}
