import { type Command, InvalidArgumentError } from "commander";
import type { Admin } from "../server/admin.ts";
import { CliFailure } from "./failure.ts";
import { dataDirOf } from "./serve_data.ts";

/**
 * Opens the data folder that a command names, itself or as an option of `em serve`.
 *
 * @param command The command.
 * @returns Users and keys.
 */
export async function openAdmin(command: Command): Promise<Admin> {
  const { Admin } = await import("../server/admin.ts");
  return new Admin(dataDirOf(command));
}

/**
 * Does what an administrator asked for; a name that cannot be used is their mistake, not a wrong command line.
 *
 * @param body What to do.
 * @returns What it returned.
 * @throws {CliFailure} If a name cannot be used.
 */
export function asked<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof RangeError) throw new CliFailure(error.message);
    throw error;
  }
}

/**
 * A time as people read it, in UTC.
 *
 * @param timestamp RFC 3339, or null for never.
 * @returns Such as `2026-11-23 08:21 UTC`.
 */
export function minuteOf(timestamp: string | null): string {
  if (timestamp === null) return "never";
  return `${timestamp.slice(0, 16).replace("T", " ")} UTC`;
}

const UNITS_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * Reads a length of time.
 *
 * @param text Such as `90d`, `12h`, `30m` or `4w`.
 * @returns Milliseconds.
 * @throws {InvalidArgumentError} If it is none.
 */
export function parseLifetime(text: string): number {
  const [, number, unit = ""] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (number === undefined || unitMs === undefined) {
    throw new InvalidArgumentError(
      "It must be a number of minutes, hours, days or weeks, such as 30m, 12h, 90d or 4w",
    );
  }
  return Number(number) * unitMs;
}
