import type { Command } from "commander";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { HOST_OPTION } from "./server_place.ts";

interface MkdirFlags {
  readonly parents?: true;
  readonly host?: string;
  readonly json?: true;
}

/**
 * Adds `em mkdir`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addMkdir(program: Command, io: CliIo): void {
  program.command("mkdir")
    .summary("make a folder on the server")
    .description("Makes a folder on the server.")
    .argument(
      "<path>",
      "the folder, absolute or below the user's own folder",
    )
    .option(
      "-p, --parents",
      "also the folders above it that are missing; no error if it is there",
    )
    .option(...HOST_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em mkdir cv
  em mkdir -p cv/image-classification/mnist`,
    )
    .action((path: string, flags: MkdirFlags) => mkdir(path, flags, io));
}

async function mkdir(
  given: string,
  flags: MkdirFlags,
  io: CliIo,
): Promise<void> {
  const { openServer } = await import("./server_place.ts");
  const { client, pathOf, find } = await openServer(io, flags.host);
  const path = pathOf(given);
  const before = await find(path);
  if (before !== undefined && !(flags.parents && before.type === "Folder")) {
    throw new CliFailure(
      `cannot make "${path}": it is there already, of type ${before.type}`,
    );
  }
  if (before === undefined && flags.parents) {
    const { makeFolders } = await import("../aistore/folders.ts");
    await makeFolders(client, path);
  } else if (before === undefined) await makeOne(path, client);
  const made = await find(path);
  if (made?.type !== "Folder") {
    throw new CliFailure(`cannot make "${path}": the server has not made it`);
  }
  const isNew = before === undefined;
  if (flags.json) {
    const { printJson } = await import("./output/print.ts");
    return printJson(io, { path, id: made.id, isNew });
  }
  const { safeText } = await import("../safe_text.ts");
  io.stdout(`${safeText(path)}: ${isNew ? "made" : "was there already"}\n`);
}

async function makeOne(
  path: string,
  client: import("../aistore/client.ts").AIStoreClient,
): Promise<void> {
  const at = path.lastIndexOf("/");
  const parent = path.slice(0, at);
  const made = await client.createNode({
    parent,
    name: path.slice(at + 1),
    labels: [],
    description: "",
    type: "Folder",
    extra: JSON.stringify({ createdTimestamp: new Date().toISOString() }),
  });
  if (made.state === "parent-missing") {
    throw new CliFailure(
      `cannot make "${path}": there is no folder "${parent}"; -p makes it too`,
    );
  }
}
