/**
 * The path of what is shown.
 *
 * @module
 */

import type { JSX } from "preact";
import { getNode } from "../api/nodes.ts";
import { current } from "../state/current.ts";
import { go, nodeHref, route } from "../state/route.ts";
import { toastError } from "../state/toasts.ts";
import { COMMON } from "../text/common.ts";

/** Shows the path; each part leads to that folder. */
export function Crumbs(): JSX.Element {
  const { page } = route.value;
  const node = current.value;
  if (
    page === "shared" || page === "public" || page === "trash" ||
    page === "compare"
  ) {
    return (
      <nav class="crumbs">
        <ol>
          <li class="cut">{COMMON[page]()}</li>
        </ol>
      </nav>
    );
  }
  const parts = node?.path.split("/").slice(1) ?? [];
  return (
    <nav class="crumbs">
      <ol>
        {parts.map((part, i) => {
          const path = `/${parts.slice(0, i + 1).join("/")}`;
          const isLast = i === parts.length - 1;
          return (
            <li key={path}>
              {isLast
                ? <span class="cut user-text" aria-current="page">{part}</span>
                : (
                  <a
                    class="cut user-text"
                    href={nodeHref(path)}
                    onClick={(event) => {
                      event.preventDefault();
                      getNode(path).then(
                        ({ id }) => go(nodeHref(id)),
                        toastError,
                      );
                    }}
                  >
                    {part}
                  </a>
                )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
