import { fromFileUrl } from "@std/path";
import {
  type ImportedRun,
  type ImportResult,
  writeImportedRun,
} from "../../src/exchange/imported_run.ts";
import { recordsOf } from "./made_run.ts";

/** The files of other trackers. */
export const EXCHANGE: string = fromFileUrl(
  new URL("../fixtures/exchange", import.meta.url),
);

/** Makes runs of what was found. */
export async function importAll(
  found: readonly ImportedRun[],
  into: string,
): Promise<ImportResult[]> {
  const done: ImportResult[] = [];
  for (const run of found) done.push(await writeImportedRun(into, run));
  return done;
}

/** Steps and values of an imported run, by type. */
export function valuesOf(
  run: ImportResult | undefined,
): Record<string, unknown[][]> {
  return Object.fromEntries(
    Object.entries(recordsOf(run?.path ?? "")).map(([type, list]) => [
      type,
      list.map(({ value, sequence }) => [sequence.step, value]),
    ]),
  );
}
