import type { Command } from "commander";
import type { AIStoreNode } from "../aistore/protocol.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { HOST_OPTION, type ServerPlace } from "./server_place.ts";

interface DownloadFlags {
  readonly host?: string;
  readonly artifacts?: true;
  readonly json?: true;
}

/** What became of a run or an artifact. */
interface Downloaded {
  readonly node: string;
  readonly type: string;
  /** Its directory; null if it could not be downloaded. */
  readonly dir: string | null;
  /** Whether it was downloaded now, and not before. */
  readonly isNew: boolean;
  readonly error: string | null;
}

/**
 * Adds `em download`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addDownload(program: Command, io: CliIo): void {
  program.command("download")
    .summary("download runs and artifacts")
    .description(
      "Downloads a run, an artifact, or all of them in a folder and the folders below it. Size and checksum of every object " +
        "are verified; a directory appears when it is whole. What was interrupted goes on where it stopped, and what is " +
        "here already is left as it is.",
    )
    .argument(
      "<path>",
      "the path on the server, absolute or below the user's own folder",
    )
    .argument(
      "[dir]",
      "the directory in which a directory for each is made (default: .em/runs for runs, .em/artifacts for artifacts)",
    )
    .option(...HOST_OPTION)
    .option("--artifacts", "also the artifacts that the runs used and produced")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em download default/cnn_mnist
  em download /demo/cv/mnist copies
  em download default/cnn_mnist --artifacts`,
    )
    .action((path: string, dir: string | undefined, flags: DownloadFlags) =>
      download(path, { dir, flags, io })
    );
}

interface Job {
  readonly dir: string | undefined;
  readonly flags: DownloadFlags;
  readonly io: CliIo;
}

async function download(path: string, { dir, flags, io }: Job): Promise<void> {
  const { openServer } = await import("./server_place.ts");
  const { printJson } = await import("./output/print.ts");
  const { safeText } = await import("../safe_text.ts");
  const { shownPath } = await import("../local/shown_path.ts");
  const place = await openServer(io, flags.host);
  const all: Downloaded[] = [];
  for await (const node of nodesBelow(place, await place.node(path))) {
    const done = await bring(place, node, { dir, flags, io });
    all.push(done);
    if (flags.json) continue;
    const name = `${done.type} ${safeText(done.node)}`;
    if (done.error !== null) {
      io.stderr(`em: ${name}: ${safeText(done.error)}\n`);
    } else {
      const state = done.isNew ? "downloaded to" : "was here already, in";
      io.stdout(`${name}: ${state} ${safeText(shownPath(done.dir ?? ""))}\n`);
    }
  }
  if (flags.json) printJson(io, all);
  else if (all.length === 0) {
    io.stderr(
      `${safeText(place.pathOf(path))} holds no runs and no artifacts\n`,
    );
  }
  const failed = all.filter(({ error }) => error !== null).length;
  if (failed > 0) {
    throw new CliFailure(`${failed} of ${all.length} not downloaded`);
  }
}

/** A run or an artifact, or all of them in a folder. */
async function* nodesBelow(
  { client }: ServerPlace,
  top: AIStoreNode,
): AsyncGenerator<AIStoreNode> {
  const folders: AIStoreNode[] = [];
  if (top.type === "Folder") folders.push(top);
  else if (isBringable(top)) yield top;
  else {
    throw new CliFailure(
      `cannot download "${top.path}": it is no run, artifact or folder, its type is "${top.type}"`,
    );
  }
  for (const folder of folders) {
    // Listed whole before anything is downloaded: pages shift when something changes meanwhile.
    for (const node of await Array.fromAsync(client.listNodes(folder.id))) {
      const child = { ...node, path: `${folder.path}/${node.name}` };
      if (child.type === "Folder") folders.push(child);
      else if (isBringable(child)) yield child;
    }
  }
}

function isBringable({ type }: AIStoreNode): boolean {
  return type === "Run" || type === "Artifact";
}

async function bring(
  { client }: ServerPlace,
  node: AIStoreNode,
  { dir, flags, io }: Job,
): Promise<Downloaded> {
  const { bringNode, downloadDir } = await import("../download/bring_node.ts");
  const { fetchArtifacts } = await import("../download/fetch_artifacts.ts");
  const { createReporter } = await import("../reporter.ts");
  const reporter = createReporter(io.stderr);
  const { EmError } = await import("../errors.ts");
  const into = (type: "Run" | "Artifact") => dir ?? downloadDir(type, []);
  const type = node.type === "Run" ? "Run" : "Artifact";
  const common = { node: node.path, type };
  try {
    const found = { client, node };
    const brought = await bringNode(found, { into: into(type), reporter });
    if (flags.artifacts && type === "Run") {
      await fetchArtifacts(found, { into: into("Artifact"), reporter });
    }
    const isNew = brought.record !== undefined;
    return { ...common, dir: brought.dir, isNew, error: null };
  } catch (error) {
    if (!(error instanceof EmError)) throw error;
    return { ...common, dir: null, isNew: false, error: error.message };
  }
}
