import type { Command } from "commander";
import { formatBytes } from "../progress.ts";
import { confirm } from "./confirm.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { minuteOf } from "./serve_admin.ts";
import { HOST_OPTION } from "./server_place.ts";

interface RmFlags {
  readonly host?: string;
  readonly local?: true;
  readonly yes?: true;
  readonly json?: true;
}

/**
 * Adds `em rm`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addRm(program: Command, io: CliIo): void {
  program.command("rm")
    .summary("delete something on the server, or here")
    .description(
      "Deletes runs, artifacts and folders on the server with all that is in them, and says how long its trash keeps " +
        "them, where it has one. With --local it removes directories of runs and artifacts on this machine, for good; " +
        "em gc removes only what a server has.",
    )
    .argument("<path...>", "paths on the server; with --local directories")
    .option(...HOST_OPTION)
    .option("--local", "remove directories on this machine")
    .option("-y, --yes", "do not ask")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em rm cv/baseline
  em rm --yes cv default
  em rm --local .em/runs/cnn_mnist_261123_082118_6fauz3`,
    )
    .action((paths: string[], flags: RmFlags) =>
      flags.local ? removeHere(paths, flags, io) : removeThere(paths, flags, io)
    );
}

async function removeThere(
  paths: readonly string[],
  flags: RmFlags,
  io: CliIo,
): Promise<void> {
  const { openServer } = await import("./server_place.ts");
  const { safeText } = await import("../safe_text.ts");
  const place = await openServer(io, flags.host);
  const { client } = place;
  const nodes = [];
  for (const path of paths) nodes.push(await place.node(path));
  const list = nodes.map(({ type, path }) => `${type} ${safeText(path)}`);
  const what = `delete ${list.join(", ")} on ${client.host}`;
  confirm(io, { what, yes: flags.yes });
  const removed = [];
  for (const { id, type, path } of nodes) {
    await client.deleteNode(id);
    const trashed = (await client.trash())?.find((one) => one.id === id);
    const expires = trashed?.expiresTimestamp ?? null;
    removed.push({ path, type, id, expires });
    if (flags.json) continue;
    const fate = expires === null
      ? "deleted for good"
      : `deleted; it can be restored from the server's trash until ${
        minuteOf(expires)
      }`;
    io.stdout(`${type} ${safeText(path)}: ${fate}\n`);
  }
  if (flags.json) {
    const { printJson } = await import("./output/print.ts");
    printJson(io, removed);
  }
}

async function removeHere(
  paths: readonly string[],
  flags: RmFlags,
  io: CliIo,
): Promise<void> {
  const { readKept } = await import("../keeping/kept_directory.ts");
  const { removeKept } = await import("../keeping/remove_kept.ts");
  const { uploadStateOf } = await import("../keeping/upload_state.ts");
  const { isNode } = await import("../sync/find_directories.ts");
  const { safeText } = await import("../safe_text.ts");
  const { resolve } = await import("@std/path");
  const kept = [];
  for (const path of paths) {
    const dir = resolve(path);
    if (!isNode(dir)) {
      throw new CliFailure(`"${path}" is no directory of a run or an artifact`);
    }
    kept.push(await readKept(dir));
  }
  const bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
  const states = await Promise.all(kept.map(uploadStateOf));
  const lost = states.filter(({ state }) => state !== "whole").length;
  const warning = lost === 0
    ? ""
    : `; ${lost} of them not known to be whole on a server`;
  const list = kept.map(({ path }) => safeText(path)).join(", ");
  const what = `remove ${list} (${formatBytes(bytes)}) for good${warning}`;
  confirm(io, { what, yes: flags.yes });
  const removed = [];
  for (const one of kept) {
    const obstacle = await removeKept(one);
    if (obstacle !== undefined) {
      throw new CliFailure(`cannot remove "${one.path}": ${obstacle}`);
    }
    removed.push({ path: one.path, bytes: one.bytes });
    if (!flags.json) {
      io.stdout(`${safeText(one.path)}: removed, ${formatBytes(one.bytes)}\n`);
    }
  }
  if (flags.json) {
    const { printJson } = await import("./output/print.ts");
    printJson(io, removed);
  }
}
