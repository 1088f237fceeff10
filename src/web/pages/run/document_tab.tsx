/**
 * A document of a run: hyperparameters, platform.
 *
 * @module
 */

import type { JSX } from "preact";
import { readRange } from "../../api/objects.ts";
import type { Document, Node } from "../../api/types.ts";
import { Damaged } from "../../files/damaged.tsx";
import { entriesOf } from "../../files/value_rows.ts";
import { ValueTree } from "../../files/value_tree.tsx";
import { param, setParams } from "../../state/route.ts";
import { toast, toastError } from "../../state/toasts.ts";
import { useDocuments } from "../../state/use_documents.ts";
import { COMMON } from "../../text/common.ts";
import { RUN } from "../../text/run.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Answer } from "../../ui/small.tsx";

const search = param("q");

/** Shows a document as a tree that can be searched. */
export function DocumentTab(
  { node, documentKey, none, hint }: {
    readonly node: Node;
    /** The object's key. */
    readonly documentKey: string;
    /** Said where there is none, or nothing is in it. */
    readonly none: string;
    readonly hint?: string;
  },
): JSX.Element {
  const documents = useDocuments(node);
  return (
    <Answer query={documents}>
      {(all) => {
        const document = all.find(({ key }) => key === documentKey);
        if (document?.problem) return <Damaged document={document} />;
        if (document === undefined || entriesOf(document.value).length === 0) {
          return (
            <div class="empty">
              <h2>{none}</h2>
              {hint !== undefined && <p>{hint}</p>}
            </div>
          );
        }
        return <SearchedDocument node={node} document={document} />;
      }}
    </Answer>
  );
}

/** Shows a document below what searches and copies it. */
export function SearchedDocument(
  { node, document }: { readonly node: Node; readonly document: Document },
): JSX.Element {
  const { key, value, flat } = document;
  const text = search.value ?? "";
  return (
    <section class="section">
      <div class="tools">
        <label class="search-field">
          <Icon name="search" />
          <input
            class="input"
            type="search"
            value={text}
            placeholder={RUN.searchValues()}
            aria-label={RUN.searchValues()}
            onInput={(event) => setParams({ q: event.currentTarget.value })}
          />
        </label>
        <span class="spacer" />
        <Button icon="copy" onClick={() => copy(readText(node, key))}>
          {RUN.copyYaml()}
        </Button>
        <Button
          icon="copy"
          onClick={() => copy(Promise.resolve(JSON.stringify(value, null, 2)))}
        >
          {RUN.copyJson()}
        </Button>
      </div>
      <ValueTree value={value} flat={flat} search={text} />
    </section>
  );
}

async function readText(node: Node, key: string): Promise<string> {
  const { bytes } = await readRange(node, key, { from: 0 });
  return new TextDecoder().decode(bytes);
}

async function copy(text: Promise<string>): Promise<void> {
  try {
    await navigator.clipboard.writeText(await text);
    toast("done", COMMON.copied());
  } catch (error) {
    toastError(error);
  }
}
