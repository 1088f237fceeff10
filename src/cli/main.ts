/**
 * The `em` command: an AIStore server on this machine, logging in, uploading runs.
 *
 * ```sh
 * deno run -A jsr:@t9k/em/cli serve
 * deno install -g -A -n em jsr:@t9k/em/cli
 * em --help
 * ```
 *
 * @module
 */

import { CommanderError } from "commander";
import { ExitFailure, UsageFailure } from "./failure.ts";
import { type CliIo, processIo, type Terminal } from "./io.ts";
import { safeText } from "../safe_text.ts";
import { makeProgram } from "./program.ts";

export type { CliIo, Terminal };

/**
 * Runs the `em` command.
 *
 * @param args The arguments after `em`.
 * @param io What it reads and writes. Default: the process's own.
 * @returns The exit code: 0, 2 if the command line is wrong, 1 for any other failure; that of the program for `em exec`.
 *
 * @example
 * ```ts
 * import { runCli } from "@t9k/em/cli";
 *
 * const code = await runCli(["--version"]);
 * if (code !== 0) throw new Error("em does not run");
 * ```
 */
export async function runCli(
  args: readonly string[],
  io: CliIo = processIo,
): Promise<number> {
  try {
    await makeProgram(io).parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof ExitFailure) return error.code;
    if (!(error instanceof Error)) throw error;
    const message = error.message.replaceAll(/\s*\n\s*/g, " ");
    io.stderr(`em: ${safeText(message)}\n`);
    return error instanceof UsageFailure ? 2 : 1;
  }
}

if (import.meta.main) Deno.exit(await runCli(Deno.args));
