/**
 * A folder of the tree.
 *
 * @module
 */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { listNodes } from "../api/nodes.ts";
import type { Node } from "../api/types.ts";
import { current, treeVersion } from "../state/current.ts";
import { nodeHref } from "../state/route.ts";
import { useQuery } from "../state/use_query.ts";
import { COMMON } from "../text/common.ts";
import { Icon } from "../ui/icon.tsx";

/** The folder of the tree that has the focus, or had it last: the one that Tab leads to. */
const focused = signal<string | undefined>(undefined);

const MAX_FOLDERS = 1000;

/** A folder of the tree. */
export interface BranchProps {
  readonly node: Node;
  /** How deep it is; the root is 1. */
  readonly level: number;
  /** Whether it is open at first. */
  readonly isOpen?: boolean;
}

/** Shows a folder, and below it the folders in it when it is opened. */
export function Branch(props: BranchProps): JSX.Element {
  const { node, level, isOpen: isOpenAtFirst = false } = props;
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const isAbove = current.value?.path.startsWith(`${node.path}/`) ?? false;
  useEffect(() => {
    if (isAbove) setOpen(true);
  }, [isAbove]);
  const folders = useQuery(
    isOpen ? node.id : undefined,
    (abort) => listNodes(node.id, { type: "Folder", size: MAX_FOLDERS }, abort),
  );
  const turn = useRef(treeVersion.value);
  useEffect(() => {
    if (turn.current !== treeVersion.value) folders.reload();
    turn.current = treeVersion.value;
  }, [treeVersion.value]);

  const isCurrent = current.value?.id === node.id;
  const isTabStop = focused.value === undefined
    ? level === 1
    : focused.value === node.id;
  const list = folders.data?.data ?? [];
  const isLeaf = folders.data !== undefined && list.length === 0;
  const rest = (folders.data?.pagination.total ?? 0) - list.length;
  return (
    <li role="none">
      <div role="none" class="tree-row">
        <span
          class={`twist ${isOpen ? "open" : ""}`}
          aria-hidden="true"
          onClick={() => setOpen(!isOpen)}
        >
          {!isLeaf && <Icon name="right" />}
        </span>
        <a
          href={nodeHref(node.id)}
          role="treeitem"
          aria-level={level}
          {...(isLeaf ? {} : { "aria-expanded": isOpen })}
          aria-selected={isCurrent}
          {...(isCurrent ? { "aria-current": "page" as const } : {})}
          tabIndex={isTabStop ? 0 : -1}
          title={node.name}
          onFocus={() => focused.value = node.id}
          onKeyDown={(event) => {
            const wanted = { ArrowRight: true, ArrowLeft: false }[event.key];
            if (wanted === undefined || wanted === isOpen || isLeaf) return;
            setOpen(wanted);
            event.preventDefault();
          }}
        >
          <Icon name="folder" />
          <span class="cut user-text">{node.name}</span>
        </a>
      </div>
      {isOpen && list.length > 0 && (
        <ul role="group">
          {list.map((each) => (
            <Branch key={each.id} node={each} level={level + 1} />
          ))}
          {rest > 0 && (
            <li role="none" class="muted">{COMMON.moreFolders({ n: rest })}</li>
          )}
        </ul>
      )}
    </li>
  );
}
