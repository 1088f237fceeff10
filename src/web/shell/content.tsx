/**
 * The page that the address names.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { getNode } from "../api/nodes.ts";
import { ApiError } from "../api/request.ts";
import type { Node } from "../api/types.ts";
import { current } from "../state/current.ts";
import { rootPath } from "../state/session.ts";
import { route } from "../state/route.ts";
import { useEvents } from "../state/use_events.ts";
import { useQuery } from "../state/use_query.ts";
import { ShortcutPage } from "../nodes/shortcut_page.tsx";
import { ArtifactPage } from "../pages/artifact/artifact_page.tsx";
import { ComparePage } from "../pages/compare/compare_page.tsx";
import { FolderPage } from "../pages/folder/folder_page.tsx";
import { RunPage } from "../pages/run/run_page.tsx";
import { SharedPage } from "../pages/folder/shared_page.tsx";
import { TrashPage } from "../pages/trash/trash_page.tsx";
import { COMMON } from "../text/common.ts";
import { Failure, Skeleton } from "../ui/small.tsx";

/** Shows the page. */
export function Content(): JSX.Element {
  const { page, node } = route.value;
  switch (page) {
    case "compare":
      return <ComparePage />;
    case "shared":
    case "public":
      return <SharedPage key={page} from={page} />;
    case "trash":
      return <TrashPage />;
    case "":
    case "folders":
      return <NodePage key={node} reference={node || rootPath()} />;
    default:
      return <NotFound />;
  }
}

function NodePage({ reference }: { readonly reference: string }): JSX.Element {
  const { data, error, reload } = useQuery(
    reference,
    (abort) => getNode(reference, abort),
  );
  useEffect(() => {
    current.value = data;
    document.title = data === undefined ? "em" : `${data.name} · em`;
    return () => current.value = undefined;
  }, [data]);
  useEvents(
    data?.id,
    ({ node, kind }) => node === data?.id && kind === "node" && reload(),
    reload,
  );
  if (error instanceof ApiError && [400, 403, 404].includes(error.status)) {
    return <NotFound />;
  }
  if (data === undefined) {
    return error
      ? (
        <div class="page">
          <Failure error={error} retry={reload} />
        </div>
      )
      : <Skeleton />;
  }
  return pageOf(data);
}

function pageOf(node: Node): JSX.Element {
  switch (node.type) {
    case "Folder":
      return <FolderPage node={node} />;
    case "Run":
    case "AutoTune":
      return <RunPage node={node} />;
    case "Shortcut":
      return <ShortcutPage node={node} />;
    default:
      return <ArtifactPage node={node} />;
  }
}

function NotFound(): JSX.Element {
  return (
    <div class="page">
      <div class="empty">
        <h1>{COMMON.notFound()}</h1>
        <p>{COMMON.notFoundHint()}</p>
        <a class="button" href="#/">{COMMON.home()}</a>
      </div>
    </div>
  );
}
