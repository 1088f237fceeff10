/**
 * What git knew when a run began.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Document, Node } from "../../api/types.ts";
import { Damaged } from "../../files/damaged.tsx";
import { entriesOf } from "../../files/value_rows.ts";
import { useDocuments } from "../../state/use_documents.ts";
import { RUN } from "../../text/run.ts";
import { Answer, CopyButton } from "../../ui/small.tsx";
import { SearchedDocument } from "./document_tab.tsx";
import { commitUrl, repositoryUrl } from "./git_remote.ts";

/** Shows commit, branch and remote, and whether there were other changes. */
export function GitTab({ node }: { readonly node: Node }): JSX.Element {
  const documents = useDocuments(node);
  return (
    <Answer query={documents}>
      {(all) => {
        const document = all.find(({ key }) => key === "git.yaml");
        if (document?.problem) return <Damaged document={document} />;
        if (document === undefined || entriesOf(document.value).length === 0) {
          return (
            <div class="empty">
              <h2>{RUN.noGit()}</h2>
            </div>
          );
        }
        return (
          <>
            <GitFacts document={document} />
            <SearchedDocument node={node} document={document} />
          </>
        );
      }}
    </Answer>
  );
}

function GitFacts({ document }: { readonly document: Document }): JSX.Element {
  const value = document.value as Readonly<Record<string, unknown>>;
  const text = (key: string): string =>
    typeof value[key] === "string" ? value[key] : "";
  const [remote, commit, branch] = ["remote_url", "commit", "branch"].map(text);
  const isDirty = value["is_dirty"];
  return (
    <dl class="facts card padded">
      <Fact
        name={RUN.commit()}
        text={commit}
        href={commitUrl(remote ?? "", commit ?? "")}
      />
      <Fact name={RUN.branch()} text={branch} />
      <Fact
        name={RUN.remote()}
        text={remote}
        href={repositoryUrl(remote ?? "")}
      />
      {typeof isDirty === "boolean" && (
        <>
          <dt>{RUN.workingTree()}</dt>
          <dd>
            <span class={`status ${isDirty ? "warn" : "good"}`}>
              {isDirty ? RUN.dirty() : RUN.clean()}
            </span>
          </dd>
        </>
      )}
    </dl>
  );
}

function Fact(
  { name, text = "", href }: {
    readonly name: string;
    readonly text: string | undefined;
    readonly href?: string | undefined;
  },
): JSX.Element | null {
  if (text === "") return null;
  return (
    <>
      <dt>{name}</dt>
      <dd class="copied">
        {href === undefined ? <span class="mono user-text">{text}</span> : (
          <a
            class="mono user-text"
            href={href}
            rel="noreferrer"
            target="_blank"
          >
            {text}
          </a>
        )}
        <CopyButton text={text} />
      </dd>
    </>
  );
}
