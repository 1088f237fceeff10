import type { Command } from "commander";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { HOST_OPTION, type ServerPlace } from "./server_place.ts";

interface MvFlags {
  readonly host?: string;
  readonly json?: true;
}

/**
 * Adds `em mv`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addMv(program: Command, io: CliIo): void {
  program.command("mv")
    .summary("rename or move something on the server")
    .description(
      "Renames or moves a run, an artifact or a folder on the server, with all that is in it: into the target if that is " +
        "a folder, else to the target's path. A target without a folder part stays below the user's own folder. " +
        "Directories on this machine stay as they are, and go to the same node as before.",
    )
    .argument("<path>", "what to move, absolute or below the user's own folder")
    .argument("<target>", "the folder to move it to, or its new path")
    .option(...HOST_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em mv default/cnn_mnist default/baseline
  em mv default/baseline cv`,
    )
    .action((path: string, target: string, flags: MvFlags) =>
      mv([path, target], flags, io)
    );
}

async function mv(
  [from, to]: readonly [from: string, to: string],
  flags: MvFlags,
  io: CliIo,
): Promise<void> {
  const { openServer } = await import("./server_place.ts");
  const place = await openServer(io, flags.host);
  const node = await place.node(from);
  const target = await targetOf(place, node, to);
  const path = `${target.parent}/${target.name}`;
  if (path !== node.path) await move(place, node, target);
  if (flags.json) {
    const { printJson } = await import("./output/print.ts");
    return printJson(io, { id: node.id, from: node.path, to: path });
  }
  const { safeText } = await import("../safe_text.ts");
  io.stdout(`${safeText(node.path)} is now ${safeText(path)}\n`);
}

interface Target {
  readonly parent: string;
  readonly name: string;
}

interface Moved {
  readonly id: string;
  readonly path: string;
}

async function targetOf(
  { find, pathOf }: ServerPlace,
  node: Moved,
  to: string,
): Promise<Target> {
  const path = pathOf(to);
  const there = await find(path);
  const name = node.path.slice(node.path.lastIndexOf("/") + 1);
  if (there?.type === "Folder" && there.id !== node.id) {
    return { parent: path, name };
  }
  if (there !== undefined && there.id !== node.id) {
    throw new CliFailure(
      `cannot move "${node.path}" to "${path}": that is there already, of type ${there.type}`,
    );
  }
  const at = path.lastIndexOf("/");
  const parent = path.slice(0, at);
  if ((await find(parent === "" ? "/" : parent))?.type !== "Folder") {
    throw new CliFailure(
      `cannot move "${node.path}" to "${path}": there is no folder "${parent}"; em mkdir makes one`,
    );
  }
  return { parent, name: path.slice(at + 1) };
}

async function move(
  { client }: ServerPlace,
  { id, path }: Moved,
  { parent, name }: Target,
): Promise<void> {
  const at = path.lastIndexOf("/");
  await client.updateNode(id, {
    ...(path.slice(0, at) === parent ? {} : { parent }),
    ...(path.slice(at + 1) === name ? {} : { name }),
  });
  // Not every server knows how to move.
  const now = await client.node(id);
  if (now?.path !== `${parent}/${name}`) {
    throw new CliFailure(
      `AIStore server "${client.host}" has not moved "${path}": it is at "${now?.path}"`,
    );
  }
}
