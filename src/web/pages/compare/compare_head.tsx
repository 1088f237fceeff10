/**
 * Which runs are compared.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { nodeHref, setParams } from "../../state/route.ts";
import { COMPARE } from "../../text/compare.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { AddRunsDialog } from "./add_runs_dialog.tsx";
import type { ComparedRun, Comparison } from "./comparison.ts";
import { type CompareView, moveRun, writeView } from "./compare_view.ts";

/** Shows the runs, and what can be done with them. */
export function CompareHead(
  { comparison }: { readonly comparison: Comparison },
): JSX.Element {
  const { view, all, state } = comparison;
  const [isAdding, setAdding] = useState(false);
  const change = (next: Partial<CompareView>): void =>
    setParams(writeView({ ...view, ...next }));
  const gone = new Set(state.gone);
  return (
    <>
      <div class="page-head">
        <h1>{COMPARE.title()}</h1>
        <span class="muted numeric">
          {COMPARE.count({ n: view.ids.length })}
          {view.hidden.size > 0 &&
            ` · ${COMPARE.hiddenCount({ n: view.hidden.size })}`}
        </span>
        <span class="spacer" />
        {view.hidden.size > 0 && (
          <Button
            icon="eye"
            onClick={() => change({ hidden: new Set() })}
          >
            {COMPARE.showAll()}
          </Button>
        )}
        <Button icon="plus" kind="primary" onClick={() => setAdding(true)}>
          {COMPARE.add()}
        </Button>
      </div>
      {gone.size > 0 && (
        <div class="notice warn" role="status">
          <span>{COMPARE.gone({ n: gone.size })}</span>
          <Button
            onClick={() =>
              change({ ids: view.ids.filter((id) => !gone.has(id)) })}
          >
            {COMPARE.dropGone()}
          </Button>
        </div>
      )}
      {all.length > 0 && (
        <ul class="run-chips" aria-label={COMPARE.runList()} tabIndex={0}>
          {all.map((run) => (
            <RunChip key={run.id} run={run} view={view} change={change} />
          ))}
        </ul>
      )}
      {isAdding && (
        <AddRunsDialog
          known={new Set(view.ids)}
          onAdd={(ids) => change({ ids: [...view.ids, ...ids] })}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  );
}

function RunChip(
  { run, view, change }: {
    readonly run: ComparedRun;
    readonly view: CompareView;
    readonly change: (next: Partial<CompareView>) => void;
  },
): JSX.Element {
  const { id, label: name, color, isHidden, isBaseline } = run;
  const toggle = isHidden ? COMPARE.show({ name }) : COMPARE.hide({ name });
  return (
    <li class={`run-chip ${isHidden ? "off" : ""}`}>
      <button
        type="button"
        class="run-dot"
        aria-label={toggle}
        title={toggle}
        onClick={() =>
          change({
            hidden: isHidden
              ? new Set([...view.hidden].filter((other) => other !== id))
              : new Set([...view.hidden, id]),
          })}
      >
        <span
          style={{
            background: isHidden ? "transparent" : color,
            borderColor: color,
          }}
        />
      </button>
      <a href={nodeHref(id)} class="cut user-text" title={run.node.path}>
        {name}
      </a>
      {isBaseline && (
        <span class="baseline-mark" title={COMPARE.baseline()}>
          <Icon name="pin" />
          <span class="visually-hidden">{COMPARE.baseline()}</span>
        </span>
      )}
      <Menu
        label={COMPARE.actions({ name })}
        items={chipActions(run, view, change)}
      />
    </li>
  );
}

function chipActions(
  { id, isBaseline }: ComparedRun,
  view: CompareView,
  change: (next: Partial<CompareView>) => void,
): readonly MenuItem[] {
  const move = (by: number) => () => change({ ids: moveRun(view.ids, id, by) });
  const place = view.ids.indexOf(id);
  return [
    {
      label: isBaseline ? COMPARE.unsetBaseline() : COMPARE.setBaseline(),
      icon: "pin",
      onSelect: () => change({ baseline: isBaseline ? undefined : id }),
    },
    {
      label: COMPARE.showOnly(),
      icon: "eye",
      onSelect: () =>
        change({ hidden: new Set(view.ids.filter((other) => other !== id)) }),
    },
    {
      label: COMPARE.first(),
      separated: true,
      disabled: place === 0,
      onSelect: move(-Infinity),
    },
    {
      label: COMPARE.earlier(),
      disabled: place === 0,
      onSelect: move(-1),
    },
    {
      label: COMPARE.later(),
      disabled: place === view.ids.length - 1,
      onSelect: move(1),
    },
    {
      label: COMPARE.remove(),
      icon: "close",
      separated: true,
      onSelect: () => change({ ids: view.ids.filter((other) => other !== id) }),
    },
  ];
}
