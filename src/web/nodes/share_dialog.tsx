/**
 * With whom a node is shared.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { getShares, setShares } from "../api/nodes.ts";
import type { Node, Share } from "../api/types.ts";
import { toast } from "../state/toasts.ts";
import { useQuery } from "../state/use_query.ts";
import { ACTIONS } from "../text/actions.ts";
import { COMMON } from "../text/common.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Answer } from "../ui/small.tsx";
import { inWords } from "./node_actions.ts";

/** Stands for every user of the server. */
const EVERYONE = "*";

/** Edits with whom a node is shared. */
export function ShareDialog(
  { node, onClose }: { readonly node: Node; readonly onClose: () => void },
): JSX.Element {
  const query = useQuery(node.id, () => getShares(node.id));
  const [shares, setDraft] = useState<readonly Share[]>();
  const { data } = query;
  useEffect(() => {
    if (data) setDraft(data.shares);
  }, [data]);
  const change = (at: number, share: Share | undefined): void =>
    setDraft((old = []) =>
      old.flatMap((each, i) => i !== at ? [each] : share ? [share] : [])
    );
  const add = (): void =>
    setDraft((old = []) => [...old, { user: "", permission: "view" }]);
  return (
    <Dialog
      title={ACTIONS.shareTitle({ name: node.name })}
      submit={COMMON.save()}
      disabled={shares === undefined || shares.some(({ user }) => user === "")}
      onClose={onClose}
      onSubmit={async () => {
        await inWords(setShares(node.id, shares ?? []));
        toast("done", ACTIONS.shared());
      }}
    >
      <p class="muted">{ACTIONS.shareHint()}</p>
      <Answer query={query}>
        {({ inherited }) => (
          <ul class="shares">
            {shares?.length === 0 && inherited.length === 0 && (
              <li class="muted">{ACTIONS.notShared()}</li>
            )}
            {shares?.map((share, i) => (
              <Member
                key={i}
                share={share}
                onChange={(next) => change(i, next)}
              />
            ))}
            {inherited.map(({ user, permission, path }) => (
              <li key={`${path} ${user}`} class="inherited">
                <span class="cut user-text">
                  {user === EVERYONE ? ACTIONS.everyone() : user}
                </span>
                <span>{ACTIONS[permission]()}</span>
                <span class="cut muted user-text" title={path}>
                  {ACTIONS.inherited({ path })}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Answer>
      <div>
        <Button icon="plus" onClick={add} disabled={shares === undefined}>
          {ACTIONS.addMember()}
        </Button>
      </div>
    </Dialog>
  );
}

function Member(
  { share, onChange }: {
    readonly share: Share;
    readonly onChange: (share: Share | undefined) => void;
  },
): JSX.Element {
  const { user, permission } = share;
  const isEveryone = user === EVERYONE;
  const name = isEveryone ? ACTIONS.everyone() : user;
  return (
    <li>
      <select
        class="input"
        aria-label={ACTIONS.member()}
        value={isEveryone ? "everyone" : "user"}
        onChange={(event) => {
          const next = event.currentTarget.value === "everyone" ? EVERYONE : "";
          onChange({ user: next, permission });
        }}
      >
        <option value="user">{ACTIONS.user()}</option>
        <option value="everyone">{ACTIONS.everyone()}</option>
      </select>
      <input
        class="input"
        aria-label={ACTIONS.userName()}
        placeholder={ACTIONS.userName()}
        disabled={isEveryone}
        value={isEveryone ? "" : user}
        onInput={(event) =>
          onChange({ user: event.currentTarget.value.trim(), permission })}
      />
      <select
        class="input"
        aria-label={ACTIONS.may()}
        value={permission}
        onChange={(event) =>
          onChange({
            user,
            permission: event.currentTarget.value === "edit" ? "edit" : "view",
          })}
      >
        <option value="view">{ACTIONS.view()}</option>
        <option value="edit">{ACTIONS.edit()}</option>
      </select>
      <Button
        kind="quiet"
        icon="close"
        label={ACTIONS.removeMember({ name })}
        onClick={() => onChange(undefined)}
      />
    </li>
  );
}
