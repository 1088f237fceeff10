import type { Command } from "commander";
import type { TrashRow } from "../server/store/trash.ts";
import type { TrashAdmin } from "../server/trash_admin.ts";
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

interface ListFlags extends DataFlags {
  readonly user?: string;
}

interface EmptyFlags extends ListFlags {
  readonly yes?: true;
}

/**
 * Adds `em serve trash`.
 *
 * @param serve The command to add it to.
 * @param io Where it writes.
 */
export function addServeTrash(serve: Command, io: CliIo): void {
  const trash = serve.command("trash")
    .summary("look after what users deleted")
    .description(
      "Looks after what users deleted and can have back for a while, also while the server is running.",
    );
  addDataOptions(trash.command("list"))
    .summary("list what was deleted")
    .description("Lists what was deleted and can be restored, the last first.")
    .option("--user <name>", "only what this user had")
    .action((flags: ListFlags, command: Command) =>
      list({ flags, command, io })
    );
  addDataOptions(trash.command("restore"))
    .summary("bring something back")
    .description(
      "Brings a node back with everything below it: where it was, or if its folder is gone to its user's root.",
    )
    .argument("<id>", "the node's id, as em serve trash list shows it")
    .action((id: string, flags: DataFlags, command: Command) =>
      restore(id, { flags, command, io })
    );
  addDataOptions(trash.command("empty"))
    .summary("delete for good")
    .description(
      "Deletes what is in the trash for good. The running server, or the next, then frees the room.",
    )
    .argument("[id]", "only this node")
    .option("--user <name>", "only what this user had")
    .option("--yes", "do it, do not only say what would go")
    .action((id: string | undefined, flags: EmptyFlags, command: Command) =>
      empty(id, { flags, command, io })
    );
}

async function list({ flags, command, io }: DataCall<ListFlags>) {
  using admin = await open(command);
  const rows = chosen(admin, flags);
  if (flags.json) return io.stdout(`${JSON.stringify(rows, null, 2)}\n`);
  if (rows.length === 0) return io.stdout("The trash is empty\n");
  for (const row of rows) {
    const { id, deleted, type, path, nodes, size, editor } = row;
    io.stdout(
      `${id}  ${deleted.slice(0, 16).replace("T", " ")} UTC  ${type} ${path} (${
        count(nodes, "node")
      }, ${sizeText(size)}), deleted by ${editor}\n`,
    );
  }
}

async function restore(id: string, { flags, command, io }: DataCall) {
  using admin = await open(command);
  const row = found(admin, id);
  const { isInPlace, node } = await inTrash(() => admin.restore(row.id));
  const path = admin.nodes.pathOf(node.id);
  if (flags.json) {
    return io.stdout(`${JSON.stringify({ id, path, isInPlace }, null, 2)}\n`);
  }
  const why = isInPlace ? "" : ": its folder is gone";
  io.stdout(`Restored ${row.path} as ${path}${why}\n`);
}

async function empty(
  id: string | undefined,
  { flags, command, io }: DataCall<EmptyFlags>,
) {
  using admin = await open(command);
  const rows = id === undefined ? chosen(admin, flags) : [found(admin, id)];
  const bytes = rows.reduce((sum, { size }) => sum + size, 0);
  const what = `${count(rows.length, "deleted node")} (${sizeText(bytes)})`;
  if (rows.length > 0 && !flags.yes) {
    throw new UsageFailure(
      `nothing was deleted: say --yes to delete ${what} for good`,
    );
  }
  const purged = rows.map((row) => row.id);
  await admin.purge(purged);
  if (flags.json) {
    return io.stdout(`${JSON.stringify({ purged, bytes }, null, 2)}\n`);
  }
  io.stdout(`Deleted ${what} for good\n`);
}

async function open(command: Command): Promise<TrashAdmin> {
  const { TrashAdmin } = await import("../server/trash_admin.ts");
  return new TrashAdmin(dataDirOf(command));
}

function chosen(
  admin: TrashAdmin,
  { user }: ListFlags,
): readonly TrashRow[] {
  return admin.all().filter(({ owner }) => owner === (user ?? owner));
}

function found(admin: TrashAdmin, id: string): TrashRow {
  const row = admin.get(id);
  if (row !== undefined) return row;
  throw new CliFailure(`there is no node "${id}" in the trash`);
}

/** Says the server's refusal as the command's failure. */
async function inTrash<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof Error && error.name === "Refusal") {
      throw new CliFailure(`cannot restore: ${error.message}`);
    }
    throw error;
  }
}
