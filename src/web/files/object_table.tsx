/**
 * Objects as a table.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { objectUrl } from "../api/objects.ts";
import type { Node, ObjectRecord } from "../api/types.ts";
import { formatBytes } from "../format/number.ts";
import { nodeHref, route } from "../state/route.ts";
import { formatRoute } from "../state/route_text.ts";
import { FILES } from "../text/files.ts";
import { RUN } from "../text/run.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Ago } from "../ui/small.tsx";
import { folderOf, prefixesOf } from "./folder_entries.ts";
import { LongText } from "./long_text.tsx";

const PAGE_ROWS = 200;

/** Shows what is in a folder, or with a search all objects that fit. */
export function ObjectTable(
  { node, objects, prefix, search, chosen }: {
    readonly node: Node;
    readonly objects: readonly ObjectRecord[];
    readonly prefix: string;
    readonly search: string;
    /** The key of the object that is looked into. */
    readonly chosen: string | undefined;
  },
): JSX.Element {
  const [shown, setShown] = useState(PAGE_ROWS);
  const folder = useMemo(() => {
    if (search === "") return folderOf(objects, prefix);
    const low = search.toLowerCase();
    const fitting = objects.filter(({ path }) =>
      path.toLowerCase().includes(low)
    );
    const bytes = fitting.reduce((sum, each) => sum + each.size_bytes, 0);
    return { folders: [], objects: fitting, count: fitting.length, bytes };
  }, [objects, prefix, search]);
  if (search !== "" && folder.count === 0) {
    return (
      <p class="muted user-text" role="status">
        {FILES.noneFit({ text: search.slice(0, 100) })}
      </p>
    );
  }
  const room = Math.max(0, shown - folder.folders.length);
  return (
    <>
      <nav class="prefixes" aria-label={FILES.place()}>
        {search === "" && prefix !== "" && (
          <>
            <a href={placeHref({ dir: "" })}>{FILES.all()}</a>
            {prefixesOf(prefix).map((each) => (
              <a key={each} href={placeHref({ dir: each })}>
                <LongText text={lastPart(each)} max={80} />
              </a>
            ))}
          </>
        )}
        <span class="muted">
          {FILES.countSize({
            n: folder.count,
            size: formatBytes(folder.bytes),
          })}
        </span>
      </nav>
      <div class="table-box card">
        <table class="plain-table object-table">
          <thead>
            <tr>
              <th scope="col">{FILES.name()}</th>
              <th scope="col" class="right">{FILES.size()}</th>
              <th scope="col">{FILES.time()}</th>
              <th scope="col">
                <span class="visually-hidden">{FILES.download()}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {folder.folders.slice(0, shown).map((each) => (
              <tr key={each.prefix}>
                <th scope="row">
                  <a class="object-name" href={placeHref({ dir: each.prefix })}>
                    <Icon name="folder" />
                    <LongText text={each.name} max={100} />
                  </a>
                </th>
                <td class="right numeric muted">
                  {FILES.count({ n: each.count })} · {formatBytes(each.bytes)}
                </td>
                <td class="muted">
                  <Ago ms={each.mtime * 1000} />
                </td>
                <td />
              </tr>
            ))}
            {folder.objects.slice(0, room).map((object) => (
              <ObjectRow
                key={object.path}
                node={node}
                object={object}
                name={search === ""
                  ? object.path.slice(prefix.length)
                  : object.path}
                isChosen={object.path === chosen}
              />
            ))}
          </tbody>
        </table>
      </div>
      {folder.folders.length + folder.objects.length > shown && (
        <Button onClick={() => setShown(shown + 5 * PAGE_ROWS)}>
          {FILES.moreRows()}
        </Button>
      )}
    </>
  );
}

function ObjectRow(
  { node, object, name, isChosen }: {
    readonly node: Node;
    readonly object: ObjectRecord;
    readonly name: string;
    readonly isChosen: boolean;
  },
): JSX.Element {
  const { path, size_bytes, mtime } = object;
  const label = FILES.downloadOne({ name: name.slice(0, 100) });
  return (
    <tr class={isChosen ? "chosen" : ""}>
      <th scope="row">
        <a
          class="object-name"
          href={placeHref({ file: path })}
          {...(isChosen ? { "aria-current": "true" as const } : {})}
        >
          <Icon name="other" />
          <LongText text={name} max={120} />
        </a>
      </th>
      <td class="right numeric">{formatBytes(size_bytes)}</td>
      <td class="muted">
        <Ago ms={mtime * 1000} />
      </td>
      <td>
        <a
          class="button icon quiet"
          href={objectUrl(node, path)}
          download={lastPart(path)}
          aria-label={label}
          title={RUN.download()}
        >
          <Icon name="download" />
        </a>
      </td>
    </tr>
  );
}

/** The same place with another folder or object. */
export function placeHref(
  change: { readonly dir?: string; readonly file?: string | undefined },
): string {
  const { node, tab, params } = route.value;
  const dir = change.dir ?? params.get("dir") ?? "";
  const search = change.dir === undefined ? params.get("q") ?? "" : "";
  const entries = Object.entries({ dir, file: change.file ?? "", q: search })
    .filter(([, value]) => value !== "");
  if (node === "") {
    return formatRoute({
      ...route.value,
      params: new URLSearchParams(entries),
    });
  }
  return nodeHref(node, tab, Object.fromEntries(entries));
}

function lastPart(key: string): string {
  return key.replace(/\/$/, "").split("/").at(-1) ?? key;
}
