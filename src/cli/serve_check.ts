import type { Command } from "commander";
import type { DataProblem, DataReport } from "../server/data_problem.ts";
import { CliFailure, UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import {
  addDataOptions,
  count,
  type DataCall,
  dataDirOf,
  type DataFlags,
  sizeText,
} from "./serve_data.ts";

interface CheckFlags extends DataFlags {
  readonly deep?: true;
  readonly repair?: true;
  readonly removeLost?: true;
}

/**
 * Adds `em serve check`.
 *
 * @param serve The command to add it to.
 * @param io Where it writes.
 */
export function addServeCheck(serve: Command, io: CliIo): void {
  addDataOptions(serve.command("check"))
    .summary("verify the data of a server")
    .description(
      "Verifies the database of a server, and the files of objects against it, also while it is running. Exit code 1 " +
        "if something is wrong.",
    )
    .option("--deep", "read every object and compare its MD5")
    .option(
      "--repair",
      "repair what is safe, with the server stopped: move files that nothing refers to into quarantine/, cut what " +
        "broken-off appends left",
    )
    .option(
      "--remove-lost",
      "with --repair: also forget the objects whose bytes are gone or damaged",
    )
    .action((flags: CheckFlags, command: Command) =>
      check({ flags, command, io })
    );
}

async function check({ flags, command, io }: DataCall<CheckFlags>) {
  if (flags.removeLost && !flags.repair) {
    throw new UsageFailure("--remove-lost goes with --repair");
  }
  const dataDir = dataDirOf(command);
  const report = await look(dataDir, flags);
  const left = report.problems.filter(({ repair }) => repair === undefined);
  if (flags.json) {
    io.stdout(`${JSON.stringify({ dataDir, ...report }, null, 2)}\n`);
  } else {
    for (const problem of report.problems) io.stdout(`${lineOf(problem)}\n`);
    io.stdout(
      `Checked ${count(report.objects, "object")} in ${
        count(report.files, "file")
      } (${sizeText(report.bytes)})${
        report.isServed ? " beside a running server" : ""
      }\n`,
    );
  }
  if (left.length === 0) return;
  const advice = left.some(({ kind }) => kind === "database")
    ? ": a damaged database cannot be repaired, restore a backup"
    : flags.repair
    ? ""
    : ": em serve check --repair repairs what is safe";
  throw new CliFailure(
    `${count(left.length, "thing")} wrong in data folder "${dataDir}"${advice}`,
  );
}

async function look(
  dataDir: string,
  { deep, repair, removeLost }: CheckFlags,
): Promise<DataReport> {
  if (!repair) {
    const { checkData } = await import("../server/check_data.ts");
    return await checkData(dataDir, { deep: deep === true });
  }
  const { repairData } = await import("../server/repair_data.ts");
  return await repairData(dataDir, { deep: deep === true, removeLost });
}

function lineOf({ kind, what, detail, objects, repair }: DataProblem): string {
  const whose = objects === undefined || objects[0] === what
    ? ""
    : ` (${objects.join(", ")})`;
  const done = repair === undefined ? "" : `: ${repair}`;
  return `${kind} ${what}: ${detail}${whose}${done}`;
}
