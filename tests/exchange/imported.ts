import { fromFileUrl } from "@std/path";
import type { ImportedRun } from "../../src/exchange/imported_run.ts";
import {
  type ImportResult,
  RunImporter,
} from "../../src/exchange/run_importer.ts";
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
  using importer = await RunImporter.open(into);
  for (const run of found) done.push(await importer.take(run));
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
