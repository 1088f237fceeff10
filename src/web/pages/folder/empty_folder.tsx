/**
 * A folder with nothing in it.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { API } from "../../api/request.ts";
import type { Node } from "../../api/types.ts";
import { rootPath, session } from "../../state/session.ts";
import { FOLDER } from "../../text/folder.ts";
import { CopyButton, Segments } from "../../ui/small.tsx";
import { type Snippet, snippetOf, SNIPPETS } from "./snippets.ts";

/** Says how runs come into the folder. */
export function EmptyFolder({ node }: { readonly node: Node }): JSX.Element {
  const [kind, setKind] = useState<Snippet>("deno");
  const isOwn = node.path === rootPath() ||
    node.path.startsWith(`${rootPath()}/`);
  if (!isOwn || session.value?.readOnly || session.value?.mode === "local") {
    return (
      <div class="empty">
        <h2>{FOLDER.emptyTitle()}</h2>
        <p>{FOLDER.emptyView()}</p>
      </div>
    );
  }
  const code = snippetOf(kind, {
    host: API.href.replace(/\/$/, ""),
    folder: node.path.slice(rootPath().length + 1) || "default",
  });
  return (
    <div class="empty-folder">
      <h2>{FOLDER.emptyTitle()}</h2>
      <p class="muted">{FOLDER.emptyHint()}</p>
      <Segments
        label={FOLDER.emptyTitle()}
        value={kind}
        onChange={setKind}
        options={SNIPPETS.map((value) => ({ value, text: titleOf(value) }))}
      />
      <div class="code card">
        <pre class="user-text">{code}</pre>
        <CopyButton text={code} />
      </div>
    </div>
  );
}

function titleOf(kind: Snippet): string {
  switch (kind) {
    case "deno":
      return "Deno";
    case "python":
      return FOLDER.emptyPython();
    case "shell":
      return FOLDER.emptyShell();
  }
}
