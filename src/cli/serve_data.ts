import type { Command } from "commander";
import { resolve } from "@std/path";
import type { CliIo } from "./io.ts";

/** The flags of every command that looks after the data of a server. */
export interface DataFlags {
  readonly data?: string;
  readonly json?: true;
}

/** What such a command works with. */
export interface DataCall<Flags extends DataFlags = DataFlags> {
  readonly flags: Flags;
  readonly command: Command;
  readonly io: CliIo;
}

/**
 * Adds the options that such commands have in common.
 *
 * @param command The command.
 * @returns The command.
 */
export function addDataOptions(command: Command): Command {
  return command
    .option(
      "--data <dir>",
      "the server's data folder (default: that of em serve, em-data)",
    )
    .option("--json", "print one JSON document");
}

/**
 * The data folder that a command names, itself or as an option of `em serve`.
 *
 * @param command The command.
 * @returns Its absolute path.
 */
export function dataDirOf(command: Command): string {
  for (let at: Command | null = command; at !== null; at = at.parent) {
    const { data } = at.opts<DataFlags>();
    if (data !== undefined) return resolve(data);
  }
  throw new Error('"em serve" has no default for --data');
}

/**
 * A number of things, for people.
 *
 * @param number How many.
 * @param what What they are, one of them.
 * @returns Such as `3 files`.
 */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/**
 * A length in bytes, for people.
 *
 * @param bytes The length.
 * @returns Such as `1.5 MiB`.
 */
export function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const unit = Math.min(
    units.length - 1,
    Math.floor(Math.log2(Math.max(bytes, 1)) / 10),
  );
  const number = bytes / 1024 ** unit;
  return `${unit === 0 ? number : number.toFixed(1)} ${units[unit]}`;
}
