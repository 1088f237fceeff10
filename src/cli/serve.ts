import type { Command } from "commander";
import { resolve } from "@std/path";
import type { RunningServer } from "../server/start_server.ts";
import { CliFailure, UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { parsePort } from "./options.ts";

interface ServeFlags {
  readonly data: string;
  readonly port: number;
  readonly hostname: string;
  readonly user: string;
}

/**
 * Adds `em serve`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addServe(program: Command, io: CliIo): void {
  program.command("serve")
    .summary("run an AIStore server on this machine")
    .description(
      "Runs an AIStore server on this machine, until it is stopped with Ctrl-C or SIGTERM. The first start makes a " +
        "user and an API key, and shows the key once.",
    )
    .option("--data <dir>", "where everything is kept", "em-data")
    .option("--port <number>", "TCP port; 0 for any free one", parsePort, 5757)
    .option("--hostname <host>", "address to listen on", "127.0.0.1")
    .option(
      "--user <name>",
      "name of the user that the first start makes",
      "demo",
    )
    .addHelpText(
      "after",
      `
Examples:
  em serve
  em serve --data /srv/em --port 8080
  em serve --hostname 0.0.0.0     for other machines too; put TLS in front`,
    )
    .action((flags: ServeFlags) => serve(flags, io));
}

async function serve(flags: ServeFlags, io: CliIo): Promise<void> {
  const dataDir = resolve(flags.data);
  const server = await start(dataDir, flags);
  stopOnSignal(() => server.shutdown());
  if (!isLoopback(flags.hostname)) io.stderr(openNotice(flags.hostname));
  io.stdout(`AIStore server at ${server.url}\n`);
  if (server.firstStart !== undefined) {
    const { user, apiKey } = server.firstStart;
    io.stdout(
      `User:    ${user}\n` +
        `API key: ${apiKey} (shown only this once)\n` +
        `Log in:  deno run -A jsr:@t9k/em/cli login --host ${server.url} --api-key ${apiKey}\n`,
    );
  }
  io.stdout(`Data in  ${dataDir}\n`);
  await server.finished;
}

async function start(
  dataDir: string,
  { port, hostname, user }: ServeFlags,
): Promise<RunningServer> {
  const { ListenError, startServer } = await import("../server/mod.ts");
  try {
    return await startServer({ dataDir, port, hostname, user });
  } catch (error) {
    if (
      error instanceof ListenError &&
      error.cause instanceof Deno.errors.AddrInUse
    ) {
      throw new CliFailure(
        `port ${port} on ${hostname} is taken: choose another with --port, or any free one with --port 0`,
      );
    }
    if (error instanceof RangeError) throw new UsageFailure(error.message);
    throw error;
  }
}

function openNotice(hostname: string): string {
  return `em: listening on ${hostname}: other machines can reach this server under this machine's name, ` +
    "an API key is all that protects it, and nothing is encrypted\n";
}

/** Stops at the first signal; a second one ends the process at once, as without us. */
function stopOnSignal(stop: () => Promise<void>): void {
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  const onSignal = () => {
    for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
    stop();
  };
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
