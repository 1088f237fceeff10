/**
 * Adding runs to a comparison.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Node } from "../../api/types.ts";
import { session } from "../../state/session.ts";
import { useQuery } from "../../state/use_query.ts";
import { COMMON } from "../../text/common.ts";
import { COMPARE } from "../../text/compare.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Answer, Segments } from "../../ui/small.tsx";
import { findRuns, type FoundRuns, type Where } from "./find_runs.ts";

/** A person has stopped typing after this. */
const TYPING_MS = 250;

/** What is added to. */
export interface AddRunsProps {
  /** The runs that are compared already. */
  readonly known: ReadonlySet<string>;
  readonly onAdd: (ids: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Asks which runs are added. */
export function AddRunsDialog(props: AddRunsProps): JSX.Element {
  const { known, onAdd, onClose } = props;
  const [where, setWhere] = useState<Where>("mine");
  const [text, setText] = useState("");
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery(
    `${where} ${search}`,
    (abort) => findRuns(where, search, abort),
  );
  const isLocal = session.value?.mode === "local";
  return (
    <Dialog
      wide
      title={COMPARE.add()}
      submit={COMPARE.addCount({ n: chosen.length })}
      disabled={chosen.length === 0}
      onSubmit={() => onAdd(chosen)}
      onClose={onClose}
    >
      <div class="add-runs-bar">
        <input
          class="input"
          type="search"
          autoFocus
          aria-label={COMPARE.search()}
          placeholder={COMPARE.searchRuns()}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {!isLocal && (
          <Segments<Where>
            label={COMPARE.where()}
            value={where}
            onChange={setWhere}
            options={[
              { value: "mine", text: COMPARE.mine() },
              { value: "shared", text: COMMON.shared() },
              { value: "public", text: COMMON.public() },
            ]}
          />
        )}
      </div>
      <div class="add-runs-list">
        <Answer query={found}>
          {(runs) => (
            <Found
              found={runs}
              known={known}
              chosen={chosen}
              setChosen={setChosen}
            />
          )}
        </Answer>
      </div>
    </Dialog>
  );
}

function Found(
  { found, known, chosen, setChosen }: {
    readonly found: FoundRuns;
    readonly known: ReadonlySet<string>;
    readonly chosen: readonly string[];
    readonly setChosen: (chosen: readonly string[]) => void;
  },
): JSX.Element {
  const { runs, total } = found;
  if (runs.length === 0) {
    return <p class="muted">{COMPARE.nothingFound()}</p>;
  }
  const toggle = ({ id }: Node): void =>
    setChosen(
      chosen.includes(id)
        ? chosen.filter((other) => other !== id)
        : [...chosen, id],
    );
  return (
    <>
      <ul>
        {runs.map((node) => (
          <li key={node.id}>
            <label>
              <input
                type="checkbox"
                checked={known.has(node.id) || chosen.includes(node.id)}
                disabled={known.has(node.id)}
                onChange={() => toggle(node)}
              />
              <span class="cut user-text">{node.name}</span>
              <span class="cut user-text muted">{node.path}</span>
              {known.has(node.id) && (
                <span class="muted">{COMPARE.added()}</span>
              )}
            </label>
          </li>
        ))}
      </ul>
      {total > runs.length && (
        <p class="muted">
          {COMPARE.firstFound({ n: runs.length, total })}
        </p>
      )}
    </>
  );
}
