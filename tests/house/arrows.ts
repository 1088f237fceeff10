/** Which part of the source may know which other part. */

import { posix } from "node:path";
import { importsOf } from "./imports.ts";

const foundation = [
  "errors",
  "reporter",
  "progress",
  "safe_text",
  "thread_module",
  "checksum_thread",
  "format",
];
const delivery = [...foundation, "local", "config", "aistore"];
const sdk = [
  ...delivery,
  "upload",
  "download",
  "system",
  "run",
  "artifact",
  "upload_directory",
  "sync",
];

/**
 * The rooms, and the rooms or single files that each may import. A room is a
 * folder of `src/`, or a file of it without its extension; `mod.ts` is one too.
 */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  // Makes of what others wrote something that a terminal can show.
  safe_text: [],
  reporter: ["errors", "safe_text", "display"],
  progress: ["safe_text"],
  // What a run and the one who draws it know of one another.
  display: [],
  thread_module: [],
  checksum_thread: [],
  format: ["errors", "reporter"],
  local: foundation,
  config: foundation,
  aistore: [...foundation, "config"],
  upload: delivery,
  download: delivery,
  // How the machine and the process are, in a file of its own: knows a run directory, no run.
  system: [...foundation, "local"],
  run: [...delivery, "display", "upload", "download", "system"],
  artifact: [...delivery, "display", "upload", "download"],
  // Records what a framework does; knows a run by what everybody can do with it.
  tfjs: ["reporter", "run"],
  // The one place that sees runs and artifacts: those two are siblings.
  upload_directory: [...delivery, "upload", "run", "artifact"],
  // Completes what other processes have left: above what it completes with.
  sync: [...delivery, "upload", "run", "upload_directory"],
  // Reads and makes run directories, with the formats of other trackers on the other side.
  exchange: [...delivery, "upload", "download", "run"],
  // Tells what is where, and whether it may go: reads what runs and uploads have left.
  keeping: [
    ...delivery,
    "upload",
    "download",
    "sync",
    "src/reading/local_source.ts",
    "src/reading/quick_metadata.ts",
    "src/viewer/run_state.ts",
  ],
  server: [...foundation, "src/aistore/protocol.ts", "generated"],
  // What the set-up task makes from `web`.
  generated: [],
  // A server of a directory: reads what runs have written, and has no part in writing or delivering it.
  viewer: [
    ...foundation,
    "local",
    "server",
    "src/aistore/protocol.ts",
    "src/run/platform_facts.ts",
  ],
  // Describes runs and artifacts, wherever they are; it writes nothing.
  reading: [
    ...delivery,
    "download",
    "src/run/platform_facts.ts",
    "src/server/metrics/micros.ts",
    "src/server/metrics/read_document.ts",
    "src/sync/find_directories.ts",
    "src/viewer/run_state.ts",
  ],
  // Shows runs, artifacts and comparisons in notebooks.
  notebook: [
    ...delivery,
    "display",
    "reading",
    "run",
    "sync",
  ],
  web: [],
  cli: [
    ...sdk,
    "exchange",
    "keeping",
    "reading",
    "server",
    "viewer",
    "web",
    "mod.ts",
  ],
  "mod.ts": [...sdk, "display", "notebook"],
};

const step = ["gate", "schedule", "sending", "notes", "placing"];

/**
 * The folders within a room that has some, and the ones that each may import. Files that lie in the room itself may
 * import all of them, and be imported by none of them, but for its `types.ts` and what is named here in full.
 */
const chambers: Readonly<
  Record<string, Readonly<Record<string, readonly string[]>>>
> = {
  upload: {
    gate: [],
    schedule: [],
    notes: [],
    sending: ["gate", "schedule"],
    placing: ["gate", "notes"],
    following: step,
    lineage: [...step, "following", "src/upload/wait_options.ts"],
    delivering: [...step, "following", "lineage"],
  },
};

/** A source tree: texts by path, and the `imports` of its `deno.json`. */
export interface Tree {
  readonly sources: ReadonlyMap<string, string>;
  readonly imports: Readonly<Record<string, string>>;
}

/** Every breach of the house's rules on imports, one sentence each. */
export function breaches(tree: Tree): string[] {
  const files = new Map<string, string[]>();
  const found = unpinned(tree.imports);
  for (const [path, text] of tree.sources) {
    const targets: string[] = [];
    for (const specifier of importsOf(path, text)) {
      const problem = judge(path, specifier, { tree, targets });
      if (problem) found.push(`${path} imports ${specifier}: ${problem}`);
    }
    files.set(path, targets);
  }
  for (const circle of circles(files)) {
    found.push(`circle of files: ${circle.join(" -> ")}`);
  }
  for (const circle of circles(toRooms(files))) {
    found.push(`circle of rooms: ${circle.join(" -> ")}`);
  }
  return found;
}

/** The room of a path such as `src/run/run.ts`. */
export function roomOf(path: string): string {
  if (path.startsWith("generated/")) return "generated";
  return /^src\/([^/.]+)/.exec(path)?.[1] ?? path;
}

function judge(
  path: string,
  specifier: string | undefined,
  { tree, targets }: { tree: Tree; targets: string[] },
): string | undefined {
  if (specifier === undefined) return "the name must be written out";
  if (specifier.startsWith("node:")) return undefined;
  if (!/^\.{0,2}\//.test(specifier)) return judgeBare(specifier, tree);
  const target = posix.join(posix.dirname(path), specifier);
  if (target !== "mod.ts" && !/^(?:src|generated)\//.test(target)) {
    return "it is not part of the package's source";
  }
  if (!tree.sources.has(target)) return "there is no such file";
  targets.push(target);
  const [from, to] = [roomOf(path), roomOf(target)];
  const allowed = arrows[from];
  if (allowed === undefined) return `"${from}" is not a room`;
  if (from === to) return judgeWithin(path, target);
  if (allowed.includes(to) || allowed.includes(target)) return undefined;
  return `"${from}" must not know "${to}"`;
}

/** What is wrong with an import within a room. */
function judgeWithin(path: string, target: string): string | undefined {
  const room = roomOf(path);
  const known = chambers[room];
  const [from, to] = [chamberOf(path), chamberOf(target)];
  if (known === undefined || from === undefined || from === to) {
    return undefined;
  }
  const allowed = known[from];
  if (allowed === undefined) return `"${room}/${from}" is not a chamber`;
  const isShared = target === `src/${room}/types.ts` ||
    allowed.includes(target) || (to !== undefined && allowed.includes(to));
  return isShared
    ? undefined
    : `"${room}/${from}" must not know "${to ?? target}"`;
}

/** The folder within its room that a path leads to. */
function chamberOf(path: string): string | undefined {
  return /^src\/[^/]+\/([^/]+)\//.exec(path)?.[1];
}

function judgeBare(specifier: string, { imports }: Tree): string | undefined {
  if (/^[a-z]+:/.test(specifier)) return "name it in deno.json";
  const isNamed = Object.keys(imports).some((name) =>
    specifier === name || specifier.startsWith(`${name}/`)
  );
  return isNamed ? undefined : "deno.json does not name it";
}

function unpinned(imports: Readonly<Record<string, string>>): string[] {
  const exact = /^npm:(@[^/@]+\/)?[^/@]+@\d+\.\d+\.\d+(-[\w.]+)?$/;
  return Object.entries(imports)
    .filter(([, target]) => target.startsWith("npm:") && !exact.test(target))
    .map(([name, target]) => `deno.json "${name}": ${target} is not exact`);
}

function toRooms(
  files: ReadonlyMap<string, readonly string[]>,
): Map<string, string[]> {
  const rooms = new Map<string, string[]>();
  for (const [path, targets] of files) {
    const from = roomOf(path);
    const known = rooms.get(from) ?? [];
    known.push(...targets.map(roomOf).filter((to) => to !== from));
    rooms.set(from, known);
  }
  return rooms;
}

/** The circles of a graph, each once, by one walk in depth. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (node: string): void => {
    if (way.includes(node)) {
      found.push([...way.slice(way.indexOf(node)), node]);
      return;
    }
    if (done.has(node)) return;
    way.push(node);
    for (const next of new Set(graph.get(node))) visit(next);
    way.pop();
    done.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return found;
}
