import { shownPath } from "../local/shown_path.ts";
import { readIntent } from "./notes/intent.ts";
import type { ConflictStrategy, UploadIntent } from "./types.ts";

/** Where {@linkcode uploadCommand} uploads to. */
export interface CommandPlace {
  /** The server's address. */
  readonly host: string;
  /** Where on the server. */
  readonly intent: UploadIntent;
}

/**
 * The command that uploads a directory. What is noted next to the directory need not be said.
 *
 * @param dir The directory.
 * @param place Where to.
 * @returns A line for a shell.
 */
export function uploadCommand(
  dir: string,
  { host, intent }: CommandPlace,
): string {
  const noted = readIntent(dir);
  const known = noted?.host === host && noted.folder === intent.folder;
  const flags = known ? [] : [
    ...(noted === undefined || noted.host !== host
      ? ["--host", shellWord(host)]
      : []),
    "--folder",
    shellWord(intent.folder),
  ];
  const usual: Pick<UploadIntent, "makeFolder" | "conflictStrategy"> = known
    ? noted
    : { makeFolder: false, conflictStrategy: "new" satisfies ConflictStrategy };
  if (intent.makeFolder && !usual.makeFolder) flags.push("--make-folder");
  if (intent.conflictStrategy !== usual.conflictStrategy) {
    flags.push("--conflict-strategy", intent.conflictStrategy);
  }
  return ["deno run -A jsr:@t9k/em/cli upload", shellWord(shownPath(dir))]
    .concat(flags).join(" ");
}

/**
 * The command that completes a directory where it was to go.
 *
 * @param dir The directory.
 * @param command `sync` for what is known to be unfinished, `upload` for anything.
 * @returns A line for a shell.
 */
export function uploadAgain(dir: string, command: "sync" | "upload"): string {
  return `em ${command} ${shellWord(shownPath(dir))}`;
}

function shellWord(text: string): string {
  return /^[\w./:@%+-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
