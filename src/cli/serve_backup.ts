import type { Command } from "commander";
import { resolve } from "@std/path";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import {
  addDataOptions,
  count,
  type DataCall,
  dataDirOf,
  type DataFlags,
  sizeText,
} from "./serve_data.ts";

interface BackupFlags extends DataFlags {
  readonly deep?: true;
}

/**
 * Adds `em serve backup`.
 *
 * @param serve The command to add it to.
 * @param io Where it writes.
 */
export function addServeBackup(serve: Command, io: CliIo): void {
  addDataOptions(serve.command("backup"))
    .summary("copy the data of a server")
    .description(
      "Copies the data of a server as it is at one moment, also while it is running, and verifies the copy. An older backup " +
        "in the folder is brought up to date. To restore it, serve it or a copy of it.",
    )
    .argument("<dir>", "the folder for the backup")
    .option("--deep", "verify all contents, not only what was copied now")
    .action((dir: string, flags: BackupFlags, command: Command) =>
      backup(dir, { flags, command, io })
    );
}

async function backup(
  dir: string,
  { flags, command, io }: DataCall<BackupFlags>,
): Promise<void> {
  const { backupData } = await import("../server/backup_data.ts");
  const dataDir = dataDirOf(command);
  const target = resolve(dir);
  const report = await backupData(target, { dataDir, deep: flags.deep });
  const { problems, objects, files, bytes } = report;
  if (flags.json) {
    io.stdout(`${JSON.stringify({ dataDir, target, ...report }, null, 2)}\n`);
  } else {
    for (const { what, detail } of problems) io.stdout(`${what}: ${detail}\n`);
  }
  if (problems.length > 0) {
    throw new CliFailure(
      `the backup in "${target}" was not brought up to date: em serve check says what is wrong in "${dataDir}"`,
    );
  }
  if (flags.json) return;
  io.stdout(
    `Backup in ${target}: ${count(objects, "object")} in ${
      count(files, "file")
    } (${sizeText(bytes)}), verified\n` +
      `Copied ${count(report.copiedFiles, "file")} (${
        sizeText(report.copiedBytes)
      }), removed ${report.removedFiles}\n`,
  );
}
