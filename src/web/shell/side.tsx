/**
 * The tree of folders beside every page.
 *
 * @module
 */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { rootPath, session } from "../state/session.ts";
import { route } from "../state/route.ts";
import { getNode } from "../api/nodes.ts";
import { useQuery } from "../state/use_query.ts";
import { COMMON } from "../text/common.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { Branch } from "./branch.tsx";

/** Whether the tree is shown. */
export const isSideOpen = signal(innerWidth > 760);

/** Shows the tree. */
export function Side(): JSX.Element {
  const root = useQuery(rootPath(), (abort) => getNode(rootPath(), abort));
  const isLocal = session.value?.mode === "local";
  return (
    <nav class="side tree" aria-label={COMMON.folders()}>
      <ul>
        {root.data && <Branch node={root.data} isOpen />}
        {!isLocal && (
          <>
            <Entry page="shared" icon="share" />
            <Entry page="public" icon="language" />
            <Entry page="trash" icon="trash" />
          </>
        )}
      </ul>
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
