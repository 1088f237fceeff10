import type { Command } from "commander";
import { EmError } from "../errors.ts";
import type { UploadedDirectory } from "../upload_directory.ts";
import type { ConflictStrategy } from "../upload/types.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { oneOf } from "./options.ts";

interface UploadFlags {
  readonly folder: string;
  readonly makeFolder?: true;
  readonly conflictStrategy: ConflictStrategy;
}

/**
 * Adds `em upload`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addUpload(program: Command, io: CliIo): void {
  program.command("upload")
    .summary("upload runs and artifacts")
    .description(
      "Uploads runs and artifacts to the AIStore server that em login remembered. Only what the server does not have yet " +
        "is sent.",
    )
    .argument(
      "<path...>",
      "directories of runs and artifacts, or parents of such directories",
    )
    .option(
      "-f, --folder <path>",
      "the folder on the server, absolute or below the user's own",
      "default",
    )
    .option("-m, --make-folder", "make the folder if it is missing")
    .option(
      "-c, --conflict-strategy <strategy>",
      "what to do when another node has the name: new (take the longer, unique name), skip, error or replace",
      oneOf<ConflictStrategy>(["new", "skip", "error", "replace"]),
      "new",
    )
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
  const { login } = await import("../aistore/login.ts");
  const { upload } = await import("../upload_directory.ts");
  // An upload retries for ever; a server that is not there, or refuses the key, is said at once.
  await login();
  const { folder, makeFolder = false, conflictStrategy } = flags;
  const outcomes: UploadedDirectory[] = [];
  for (const path of paths) {
    const some = await upload(path, { folder, makeFolder, conflictStrategy })
      .catch((error): UploadedDirectory[] => {
        if (error instanceof EmError) return [{ path, error }];
        throw error;
      });
    for (const outcome of some) say(outcome, io);
    outcomes.push(...some);
  }
  const failed = outcomes.filter((outcome) => !arrived(outcome)).length;
  if (failed > 0) {
    throw new CliFailure(
      `${failed} of ${outcomes.length} not uploaded whole`,
    );
  }
}

function arrived({ report }: UploadedDirectory): boolean {
  return report?.state === "complete" || report?.state === "skipped";
}

function say({ path, report, error }: UploadedDirectory, io: CliIo): void {
  if (report === undefined) {
    io.stderr(`em: ${path}: ${error?.message ?? "unknown"}\n`);
    return;
  }
  const { state, sentObjects, sentBytes } = report;
  io.stdout(
    `${path}: ${state}, ${sentObjects} objects (${sentBytes} bytes) sent\n`,
  );
}
