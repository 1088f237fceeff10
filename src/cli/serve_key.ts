import type { Command } from "commander";
import type { ApiKeyRow } from "../server/store/api_keys.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { printJson, printTable } from "./output/print.ts";
import { asked, minuteOf, openAdmin, parseLifetime } from "./serve_admin.ts";
import { addDataOptions, type DataCall, type DataFlags } from "./serve_data.ts";

interface AddFlags extends DataFlags {
  readonly name?: string;
  readonly expires?: number;
}

/**
 * Adds `em serve key`.
 *
 * @param serve The command to add it to.
 * @param io What it reads and writes.
 */
export function addServeKey(serve: Command, io: CliIo): void {
  const key = serve.command("key")
    .summary("look after the API keys of a server")
    .description(
      "Looks after the API keys of a server, also while it is running. A key has a name; the key itself is kept only " +
        "as a hash.",
    )
    .addHelpText(
      "after",
      `
Examples:
  em serve key add eve --name laptop --expires 90d
  em serve key list eve`,
    );
  addDataOptions(
    key.command("add")
      .summary("make an API key")
      .description("Makes an API key for a user, and shows it once.")
      .argument("<user>", "whose it is to be")
      .option(
        "--name <name>",
        "what it is called (default: key-1, or the next number)",
      )
      .option(
        "--expires <time>",
        "how long it is good, such as 12h, 90d or 4w (default: for ever)",
        parseLifetime,
      )
      .addHelpText(
        "after",
        `
Examples:
  em serve key add eve
  em serve key add eve --name laptop --expires 90d`,
      ),
  ).action((user: string, flags: AddFlags, command: Command) =>
    add(user, { flags, command, io })
  );
  addDataOptions(
    key.command("list")
      .summary("list API keys")
      .description(
        "Lists API keys: their names, when they were made, last used (to a minute or so), and when they expire.",
      )
      .argument("[user]", "only this user's")
      .addHelpText(
        "after",
        `
Examples:
  em serve key list
  em serve key list eve --json`,
      ),
  ).action((user: string | undefined, flags: DataFlags, command: Command) =>
    list(user, { flags, command, io })
  );
  addDataOptions(
    key.command("revoke")
      .summary("revoke an API key")
      .description(
        "Revokes an API key: it is of no use from then on, and the sessions of browsers that were signed in with it end.",
      )
      .argument("<user>", "whose it is")
      .argument("<name>", "what it is called")
      .addHelpText(
        "after",
        `
Examples:
  em serve key revoke eve laptop`,
      ),
  ).action((
    user: string,
    name: string,
    flags: DataFlags,
    command: Command,
  ) => revoke({ user, name }, { flags, command, io }));
}

async function add(
  user: string,
  { flags, command, io }: DataCall<AddFlags>,
): Promise<void> {
  using admin = await openAdmin(command);
  const expires = flags.expires === undefined
    ? undefined
    : new Date(Date.now() + flags.expires);
  const { apiKey, name } = asked(() =>
    admin.transaction(() => {
      if (!admin.users.has(user)) throw noUser(user);
      return admin.keys.add(user, { name: flags.name, expires });
    })
  );
  const until = expires?.toISOString() ?? null;
  if (flags.json) {
    return printJson(io, { user, key: name, expires: until, apiKey });
  }
  io.stdout(
    `User:    ${user}\nKey:     ${name}\nExpires: ${minuteOf(until)}\n` +
      `API key: ${apiKey} (shown only this once)\n`,
  );
}

async function list(
  user: string | undefined,
  { flags, command, io }: DataCall,
): Promise<void> {
  using admin = await openAdmin(command);
  if (user !== undefined && !admin.users.has(user)) throw noUser(user);
  const keys = admin.keys.list(user);
  const stateOf = (key: ApiKeyRow) =>
    admin.keys.hasExpired(key) ? "expired" : "good";
  if (flags.json) {
    return printJson(
      io,
      keys.map((key) => ({
        user: key.user,
        key: key.name,
        created: key.created,
        lastUsed: key.last_used,
        expires: key.expires,
        state: stateOf(key),
      })),
    );
  }
  const rows = keys.map((key) => [
    key.user,
    key.name,
    minuteOf(key.created),
    minuteOf(key.last_used),
    minuteOf(key.expires),
    stateOf(key),
  ]);
  printTable(
    io,
    ["USER", "KEY", "CREATED", "LAST USED", "EXPIRES", "STATE"].map((
      title,
    ) => ({ title })),
    rows,
  );
}

async function revoke(
  { user, name }: { readonly user: string; readonly name: string },
  { flags, command, io }: DataCall,
): Promise<void> {
  using admin = await openAdmin(command);
  if (!admin.keys.revoke(user, name)) {
    throw new CliFailure(`user "${user}" has no key "${name}"`);
  }
  if (flags.json) return printJson(io, { user, key: name, revoked: true });
  io.stdout(`Revoked key ${name} of user ${user}\n`);
}

function noUser(name: string): CliFailure {
  return new CliFailure(`there is no user "${name}"`);
}
