import type { Command } from "commander";
import { stderrReporter } from "../reporter.ts";
import type { UserSummary } from "../server/store/users.ts";
import { CliFailure, UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { printJson, printTable } from "./output/print.ts";
import { asked, minuteOf, openAdmin } from "./serve_admin.ts";
import { addDataOptions, type DataCall, type DataFlags } from "./serve_data.ts";

/**
 * Adds `em serve user`.
 *
 * @param serve The command to add it to.
 * @param io What it reads and writes.
 */
export function addServeUser(serve: Command, io: CliIo): void {
  const user = serve.command("user")
    .summary("look after the users of a server")
    .description(
      "Looks after the users of a server, also while it is running. Each has a tree of nodes and API keys of their own.",
    );
  addDataOptions(user.command("add"))
    .summary("make a user and an API key")
    .description("Makes a user and an API key, and shows the key once.")
    .argument("<name>", "the first segment of the user's paths")
    .action((name: string, flags: DataFlags, command: Command) =>
      add(name, { flags, command, io })
    );
  addDataOptions(user.command("list"))
    .summary("list the users")
    .description("Lists the users and what they have.")
    .action((flags: DataFlags, command: Command) =>
      list({ flags, command, io })
    );
  addDataOptions(user.command("remove"))
    .summary("remove a user with everything that is theirs")
    .description(
      "Removes a user with keys, sessions and the whole tree, after saying what is lost. The keys are of no use " +
        "from then on.",
    )
    .argument("<name>", "the user")
    .option("--yes", "do not ask")
    .action((
      name: string,
      flags: DataFlags & { readonly yes?: true },
      command: Command,
    ) => remove(name, { flags, command, io }));
}

async function add(
  name: string,
  { flags, command, io }: DataCall,
): Promise<void> {
  using admin = await openAdmin(command);
  const apiKey = asked(() => admin.users.add(name));
  const key = admin.keys.list(name)[0]?.name ?? "";
  if (flags.json) return printJson(io, { user: name, key, apiKey });
  io.stdout(`User:    ${name}\nAPI key: ${apiKey} (shown only this once)\n`);
}

async function list({ flags, command, io }: DataCall): Promise<void> {
  using admin = await openAdmin(command);
  const users = admin.users.list();
  if (flags.json) return printJson(io, users);
  const rows = users.map((user) => [
    user.name,
    minuteOf(user.created),
    String(user.keys),
    String(user.nodes),
    String(user.runs),
    String(user.objects),
    sizeText(user.bytes),
  ]);
  printTable(
    io,
    ["NAME", "CREATED", "KEYS", "NODES", "RUNS", "OBJECTS", "SIZE"].map((
      title,
    ) => ({ title })),
    rows,
  );
}

async function remove(
  name: string,
  { flags, command, io }: DataCall<DataFlags & { readonly yes?: true }>,
): Promise<void> {
  using admin = await openAdmin(command);
  const user = admin.users.get(name);
  if (user === undefined && !admin.users.isRemoved(name)) {
    throw new CliFailure(`there is no user "${name}"`);
  }
  if (user !== undefined && !flags.yes) {
    io.stderr(`em: ${lossOf(user)}\n`);
    const answer = io.ask(`Type the user's name to remove all of it:`);
    if (answer === undefined) {
      throw new UsageFailure(
        `nothing was removed: there is no terminal to ask on, say it with --yes`,
      );
    }
    if (answer.trim() !== name) throw new CliFailure("nothing was removed");
  }
  const done = await admin.removeUser(name, { reporter: stderrReporter });
  if (flags.json) return printJson(io, { removed: name, done, lost: user });
  if (user !== undefined && flags.yes) io.stdout(`${lossOf(user)}\n`);
  io.stdout(
    done
      ? `Removed user ${name}\n`
      : `Removed user ${name}; the running server is still deleting the tree\n`,
  );
}

function lossOf(user: UserSummary): string {
  const { name, keys, nodes, runs, objects, bytes } = user;
  return `user "${name}" has ${count(keys, "API key")}, ${
    count(nodes, "node")
  } (${count(runs, "run")}) and ${count(objects, "object")} (${
    sizeText(bytes)
  }), all of which is lost for good`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let size = bytes;
  let unit = units.shift();
  while (size >= 1024 && units.length > 0) {
    size /= 1024;
    unit = units.shift();
  }
  return `${unit === "B" ? size : size.toFixed(1)} ${unit}`;
}
