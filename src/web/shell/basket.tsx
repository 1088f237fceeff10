/**
 * The runs that are ticked, in whatever folder they are, to be compared.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { parentPath } from "../nodes/allowed.ts";
import { isComparable, pick, picked } from "../state/picked.ts";
import { compareHref, nodeHref } from "../state/route.ts";
import { COMMON } from "../text/common.ts";
import { FOLDER } from "../text/folder.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";

/** Shows how many runs are ticked; pressed, which. */
export function Basket(): JSX.Element | null {
  const [isOpen, setOpen] = useState(false);
  const runs = [...picked.value.values()]
    .filter(({ type }) => isComparable(type));
  if (runs.length === 0 && !isOpen) return null;
  const close = (): void => setOpen(false);
  return (
    <>
      <Button
        icon="compare"
        label={FOLDER.basket({ n: runs.length })}
        onClick={() => setOpen(true)}
      >
        <span class="wide-only">{COMMON.compare()}</span> ({runs.length})
      </Button>
      {isOpen && (
        <Dialog title={FOLDER.basketTitle()} onClose={close}>
          <ul class="basket">
            {runs.map((run) => (
              <li key={run.id}>
                <Icon name="run" />
                <a href={nodeHref(run.id)} class="cut" onClick={close}>
                  <span class="user-text">{run.name}</span>{" "}
                  <span class="muted user-text">{parentPath(run.path)}</span>
                </a>
                <Button
                  kind="quiet"
                  icon="trash"
                  label={FOLDER.basketRemove({ name: run.name })}
                  onClick={() => pick([run], false)}
                />
              </li>
            ))}
          </ul>
          <div class="basket-end">
            <Button onClick={() => pick(runs, false)}>
              {FOLDER.basketClear()}
            </Button>
            <a
              class="button primary"
              href={compareHref(runs.map(({ id }) => id))}
              onClick={close}
            >
              {FOLDER.basketGo()}
            </a>
          </div>
        </Dialog>
      )}
    </>
  );
}
