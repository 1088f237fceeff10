import type { Command } from "commander";
import { EmError } from "../errors.ts";
import { createReporter } from "../reporter.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { printJson } from "./output/print.ts";
import { addPlaceOptions, type PlaceFlags, placeOf } from "./place_options.ts";
import { CompletedSayer } from "./say_completed.ts";

interface UploadFlags extends PlaceFlags {
  readonly json?: true;
}

/**
 * Adds `em upload`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addUpload(program: Command, io: CliIo): void {
  const command = program.command("upload")
    .summary("upload runs and artifacts")
    .description(
      "Uploads runs and artifacts to an AIStore server. What was uploaded before goes to the same place again, " +
        "unless the options name another; everything else to the server that em login remembered. Only what the " +
        "server does not have yet is sent.",
    )
    .argument(
      "<path...>",
      "directories of runs and artifacts, or parents of such directories",
    );
  addPlaceOptions(command)
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em upload .em/runs
  em upload .em/runs/cnn_mnist_261123_082118_6fauz3 -f cv/mnist -m
  em upload .em/artifacts -c skip`,
    )
    .action((paths: string[], flags: UploadFlags) => upload(paths, flags, io));
}

async function upload(
  paths: readonly string[],
  flags: UploadFlags,
  io: CliIo,
): Promise<void> {
  const { findNodes } = await import("../upload_directory.ts");
  const { completeDirectories } = await import("../sync/complete.ts");
  const sayer = new CompletedSayer(io, flags);
  const dirs: string[] = [];
  for (const path of paths) {
    try {
      dirs.push(...findNodes(path));
    } catch (error) {
      if (!(error instanceof EmError)) throw error;
      sayer.say({ path, state: "failed", wasKilled: false, error });
    }
  }
  const options = {
    wanted: placeOf(flags),
    reporter: createReporter(io.stderr),
  };
  for await (const done of completeDirectories(new Set(dirs), options)) {
    sayer.say(done);
  }
  if (flags.json) printJson(io, sayer.all);
  const { tried, failed } = sayer.tally;
  if (failed > 0) {
    throw new CliFailure(`${failed} of ${tried} not uploaded whole`);
  }
}
