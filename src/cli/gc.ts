import type { Command } from "commander";
import type { FreeDirectory, StayingDirectory } from "../keeping/find_free.ts";
import type { KeptDirectory } from "../keeping/kept_directory.ts";
import { formatBytes } from "../progress.ts";
import { ServerPlaces } from "./compared.ts";
import { confirm } from "./confirm.ts";
import type { CliIo } from "./io.ts";
import { parseWhole } from "./options.ts";
import { parseLifetime } from "./serve_admin.ts";

interface GcFlags {
  readonly dryRun?: true;
  readonly yes?: true;
  readonly olderThan?: number;
  readonly keep?: number;
  readonly json?: true;
}

/**
 * Adds `em gc`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addGc(program: Command, io: CliIo): void {
  program.command("gc")
    .summary("free local runs and artifacts that a server has")
    .description(
      "Removes runs and artifacts from this machine that are over, and that a server is proven to have whole now, as by " +
        "em verify. It shows what goes and what stays, and asks. Nothing is removed that is not proven, that goes on, or " +
        "that a run that stays used or produced.",
    )
    .argument(
      "[dir...]",
      "directories with runs and artifacts, or single ones (default: .em/runs and .em/artifacts)",
    )
    .option("-n, --dry-run", "only show what would go")
    .option(
      "--older-than <age>",
      "only those that were written to last so long ago, such as 12h, 30d or 8w",
      parseLifetime,
    )
    .option(
      "--keep <number>",
      "keep so many of the runs, and of the artifacts, that were made last",
      parseWhole,
    )
    .option("-y, --yes", "do not ask")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em gc --dry-run
  em gc --older-than 30d --keep 10
  em gc --yes .em/runs`,
    )
    .action((dirs: string[], flags: GcFlags) => gc(dirs, flags, io));
}

async function gc(
  dirs: readonly string[],
  flags: GcFlags,
  io: CliIo,
): Promise<void> {
  const { findFree } = await import("../keeping/find_free.ts");
  const { proveShown } = await import("./compared.ts");
  const servers = new ServerPlaces(io);
  const rows: Row[] = [];
  const kept = await readAll(dirs, rows);
  const free: FreeDirectory[] = [];
  const rules = {
    olderThanMs: flags.olderThan,
    keep: flags.keep,
    client: async (host: string) => (await servers.get(host)).client,
    prove: proveShown,
  };
  for await (const one of findFree(kept, rules)) {
    if (!("reason" in one)) free.push(one);
    rows.push(rowOf(one));
  }
  if (!flags.json) await show(rows, io);
  const bytes = free.reduce((sum, one) => sum + one.kept.bytes, 0);
  if (free.length > 0 && !flags.dryRun) {
    const what = `remove ${free.length} of ${rows.length} here (${
      formatBytes(bytes)
    })`;
    confirm(io, { what, yes: flags.yes });
  }
  let freed = 0;
  for (const one of flags.dryRun ? [] : free) {
    const obstacle = await remove(one, servers);
    const row = rows.find(({ path }) => path === one.kept.path);
    if (row === undefined) continue;
    if (obstacle === undefined) {
      row.isRemoved = true;
      freed += one.kept.bytes;
    } else row.reason = obstacle;
  }
  await say({ rows, freed, bytes }, flags, io);
}

interface Row {
  readonly path: string;
  readonly bytes: number;
  /** The server that was proven to have it. */
  readonly host: string | null;
  readonly node: string | null;
  isRemoved: boolean;
  /** Why it stays. */
  reason: string | null;
}

/** What cannot be read stays, and does not hinder the others. */
async function readAll(
  dirs: readonly string[],
  rows: Row[],
): Promise<KeptDirectory[]> {
  const { localNodes } = await import("./local_nodes.ts");
  const { readKept } = await import("../keeping/kept_directory.ts");
  const { EmError } = await import("../errors.ts");
  const all: KeptDirectory[] = [];
  for (const path of await localNodes(dirs)) {
    try {
      all.push(await readKept(path));
    } catch (error) {
      if (!(error instanceof EmError)) throw error;
      const reason = error.message;
      const none = { host: null, node: null, isRemoved: false };
      rows.push({ path, bytes: 0, ...none, reason });
    }
  }
  return all;
}

function rowOf(one: FreeDirectory | StayingDirectory): Row {
  const { path, bytes } = one.kept;
  return "reason" in one
    ? {
      path,
      bytes,
      host: null,
      node: null,
      isRemoved: false,
      reason: one.reason,
    }
    : {
      path,
      bytes,
      host: one.place.host,
      node: one.node,
      isRemoved: false,
      reason: null,
    };
}

async function show(rows: readonly Row[], io: CliIo): Promise<void> {
  if (rows.length === 0) return;
  const { printTable } = await import("./output/print.ts");
  const { shownPath } = await import("../local/shown_path.ts");
  printTable(
    io,
    [
      { title: "PATH", least: 16 },
      { title: "" },
      { title: "SIZE", isNumeric: true },
      { title: "WHY", least: 16 },
    ],
    rows.map(({ path, bytes, host, node, reason }) => [
      shownPath(path),
      reason === null ? "goes" : "stays",
      formatBytes(bytes),
      reason ?? `whole on ${host}, ${node}`,
    ]),
  );
}

/** Between the proof and the removal somebody may have changed the directory, or deleted the node. */
async function remove(
  { kept, place, node, listing, fingerprint: before }: FreeDirectory,
  servers: ServerPlaces,
): Promise<string | undefined> {
  const { removeKept } = await import("../keeping/remove_kept.ts");
  const { listingOf } = await import("../keeping/prove_whole.ts");
  const { fingerprint } = await import("../local/fingerprint.ts");
  const { EmError } = await import("../errors.ts");
  const { client } = await servers.get(place.host);
  try {
    return await removeKept(kept, {
      mayGo: async () =>
        before === await fingerprint(kept.path) &&
        listing === await listingOf({ client, node }),
    });
  } catch (error) {
    if (!(error instanceof EmError)) throw error;
    return error.message;
  }
}

interface Sum {
  readonly rows: readonly Row[];
  readonly freed: number;
  readonly bytes: number;
}

async function say(
  { rows, freed, bytes }: Sum,
  flags: GcFlags,
  io: CliIo,
): Promise<void> {
  const { printJson } = await import("./output/print.ts");
  const { safeText } = await import("../safe_text.ts");
  const { shownPath } = await import("../local/shown_path.ts");
  if (flags.json) return printJson(io, rows);
  for (const { path, isRemoved, host, reason } of rows) {
    if (isRemoved || flags.dryRun || host === null || reason === null) continue;
    io.stderr(`em: ${safeText(shownPath(path))}: it stays: ${reason}\n`);
  }
  const goes = rows.filter(({ reason }) => reason === null).length;
  io.stderr(
    flags.dryRun
      ? `${goes} of ${rows.length} would go, ${formatBytes(bytes)}\n`
      : `${goes} of ${rows.length} removed, ${formatBytes(freed)} freed\n`,
  );
}
