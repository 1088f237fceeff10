import type { Command } from "commander";
import { formatBytes } from "../progress.ts";
import type { LocalNode } from "../keeping/kept_directory.ts";
import type { UploadState } from "../keeping/upload_state.ts";
import type { CliIo } from "./io.ts";

interface StatusFlags {
  readonly all?: true;
  readonly json?: true;
}

interface Row extends Omit<UploadState, "state"> {
  readonly path: string;
  readonly kind: LocalNode["kind"] | null;
  readonly status: LocalNode["status"];
  readonly state: UploadState["state"] | "damaged";
  /** Undefined where nobody wants to know: to look at all files takes longest. */
  readonly bytes: number | undefined;
}

/** How many directories are looked at together, so that one need not wait for the sum of another. */
const AT_ONCE = 100;

/**
 * Adds `em status`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addStatus(program: Command, io: CliIo): void {
  program.command("status")
    .summary("show what is not uploaded, and why")
    .description(
      "Shows which runs and artifacts on this machine are not known to be whole on a server, why, since when, and the " +
        "command that completes each. It goes by what is noted next to them, asks no server, and changes nothing; " +
        "em verify asks.",
    )
    .argument(
      "[dir...]",
      "directories with runs and artifacts, or single ones (default: .em/runs and .em/artifacts)",
    )
    .option("-a, --all", "also those that are whole")
    .option("--json", "print one JSON document, of all of them")
    .addHelpText(
      "after",
      `
Examples:
  em status
  em status --all .em/runs
  em status --json`,
    )
    .action((dirs: string[], flags: StatusFlags) => status(dirs, flags, io));
}

async function status(
  dirs: readonly string[],
  flags: StatusFlags,
  io: CliIo,
): Promise<void> {
  const { localNodes } = await import("./local_nodes.ts");
  const { printJson, printTable } = await import("./output/print.ts");
  const rows: Row[] = [];
  const rowOf = await rowReader(flags.json ?? false);
  const paths = await localNodes(dirs);
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE);
    rows.push(...await Promise.all(some.map(rowOf)));
  }
  if (flags.json) return printJson(io, rows.map(jsonOf));
  const shown = flags.all
    ? rows
    : rows.filter(({ state }) => state !== "whole");
  const { shownPath } = await import("../local/shown_path.ts");
  if (shown.length > 0) {
    printTable(
      io,
      [
        { title: "PATH", least: 16 },
        { title: "STATE" },
        { title: "SINCE" },
        { title: "TO SEND", isNumeric: true },
        { title: "WHY", least: 16 },
        { title: "COMPLETE WITH" },
      ],
      shown.map((row) => [
        shownPath(row.path),
        row.state,
        row.since === undefined ? "" : shortTime(row.since),
        row.pendingBytes === 0 ? "" : `≤ ${formatBytes(row.pendingBytes)}`,
        row.reason,
        row.command ?? "",
      ]),
    );
  }
  io.stderr(`${summary(rows)}\n`);
}

/** What cannot be read is shown as such, and does not hide the others. */
async function rowReader(
  hasBytes: boolean,
): Promise<(path: string) => Promise<Row>> {
  const { readLocalNode } = await import("../keeping/kept_directory.ts");
  const { uploadStateOf } = await import("../keeping/upload_state.ts");
  const { EmError } = await import("../errors.ts");
  return async (path) => {
    try {
      const node = readLocalNode(path);
      const { kind, status } = node;
      const bytes = hasBytes ? node.bytes : undefined;
      return { path, kind, status, bytes, ...await uploadStateOf(node) };
    } catch (error) {
      if (!(error instanceof EmError)) throw error;
      return {
        path,
        kind: null,
        status: null,
        state: "damaged",
        reason: error.message,
        since: undefined,
        bytes: 0,
        pendingBytes: 0,
        places: [],
        command: undefined,
      };
    }
  };
}

function jsonOf({ since, command, ...row }: Row): unknown {
  const places = row.places.map(({ node = null, ...place }) => ({
    ...place,
    node,
  }));
  return { ...row, since: since ?? null, command: command ?? null, places };
}

function shortTime(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}

const WORDS: Readonly<Record<Row["state"], string>> = {
  refused: "refused",
  pending: "pending",
  running: "running",
  "not-asked": "never to be uploaded",
  damaged: "damaged",
  whole: "known to be whole",
};

function summary(rows: readonly Row[]): string {
  if (rows.length === 0) return "No runs and no artifacts are here";
  return Object.entries(WORDS).map(([state, words]) => {
    const count = rows.filter((row) => row.state === state).length;
    return count === 0 ? "" : `${count} ${words}`;
  }).filter((part) => part !== "").join(", ");
}
