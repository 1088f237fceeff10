/**
 * The tree of folders beside every page.
 *
 * @module
 */

import { effect, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { getNode } from "../api/nodes.ts";
import { coalesced } from "../state/coalesced.ts";
import { treeChanged } from "../state/current.ts";
import { route } from "../state/route.ts";
import { rootPath, session } from "../state/session.ts";
import { useEvents } from "../state/use_events.ts";
import { useQuery } from "../state/use_query.ts";
import { COMMON } from "../text/common.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { Branch } from "./branch.tsx";
import { onTreeKey } from "./tree_keys.ts";

/** Whether the tree is shown. */
export const isSideOpen = signal(innerWidth > 760);

const narrow = matchMedia("(max-width: 760px)");

// There it lies over the page, which is what somebody wants to see who has chosen something, or turned a phone.
narrow.addEventListener("change", () => isSideOpen.value = !narrow.matches);
effect(() => {
  route.value;
  if (narrow.matches) isSideOpen.value = false;
});

/** The tree is asked for at most so often. */
const TREE_MS = 2000;

/** Shows the tree. */
export function Side(): JSX.Element {
  const root = useQuery(rootPath(), (abort) => getNode(rootPath(), abort));
  const isLocal = session.value?.mode === "local";
  const [tree] = useState(() => coalesced(treeChanged, TREE_MS));
  useEvents(
    isSideOpen.value ? root.data?.id : undefined,
    ({ kind }) => kind === "node" && tree.poke(),
    () => tree.poke(),
  );
  return (
    <nav class="side tree" aria-label={COMMON.folders()}>
      {root.data && (
        <ul role="tree" aria-label={COMMON.folders()} onKeyDown={onTreeKey}>
          <Branch node={root.data} level={1} isOpen />
        </ul>
      )}
      {!isLocal && (
        <ul class="tree-links">
          <Entry page="shared" icon="share" />
          <Entry page="public" icon="language" />
          <Entry page="trash" icon="trash" />
        </ul>
      )}
    </nav>
  );
}

function Entry(
  { page, icon }: {
    readonly page: "shared" | "public" | "trash";
    readonly icon: IconName;
  },
): JSX.Element {
  return (
    <li>
      <a
        href={`#/${page}`}
        {...(route.value.page === page
          ? { "aria-current": "page" as const }
          : {})}
      >
        <Icon name={icon} />
        <span class="cut">{COMMON[page]()}</span>
      </a>
    </li>
  );
}
