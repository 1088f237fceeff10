import type { Command } from "commander";
import { resolve } from "@std/path";
import { webRoot } from "../aistore/protocol.ts";
import type { RunningServer, TlsOptions } from "../server/start_server.ts";
import { openNotice } from "./open_notice.ts";
import { addServeKey } from "./serve_key.ts";
import { addServeUser } from "./serve_user.ts";
import { DURABILITIES, type Durability } from "../server/store/durability.ts";
import { CliFailure, UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { oneOf, parseDays, parsePort } from "./options.ts";
import { printJsonLine } from "./output/print.ts";
import { addServeBackup } from "./serve_backup.ts";
import { addServeCheck } from "./serve_check.ts";
import { addServeTrash } from "./serve_trash.ts";
import { stopOnSignal } from "./stop_on_signal.ts";

const DAY_MS = 24 * 3600 * 1000;

interface ServeFlags {
  readonly data: string;
  readonly port: number;
  readonly hostname: string;
  readonly user: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly publicUrl?: string;
  readonly trustProxy?: true;
  readonly accessLog?: string;
  readonly metricsPublic?: true;
  readonly durability: Durability;
  readonly trashDays: number;
  readonly json?: true;
}

/**
 * Adds `em serve`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addServe(program: Command, io: CliIo): void {
  const serveCommand = program.command("serve")
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
    .option("--tls-cert <file>", "certificate chain in PEM; speaks HTTPS")
    .option("--tls-key <file>", "private key of the certificate in PEM")
    .option(
      "--public-url <url>",
      "the address that clients use, up to where /t9k begins, behind a reverse proxy",
    )
    .option(
      "--trust-proxy",
      "believe the X-Forwarded-… headers of a reverse proxy; only where every request comes through it",
    )
    .option(
      "--access-log <file>",
      "append a line of JSON for each request; - for stderr",
    )
    .option(
      "--metrics-public",
      "let anybody read /metrics, not only this machine and users",
    )
    .option(
      "--durability <kind>",
      "what a success answer survives: full (power loss) or process (a kill)",
      oneOf(DURABILITIES),
      "full",
    )
    .option(
      "--trash-days <days>",
      "how long deleted nodes can be restored; 0 deletes at once",
      parseDays,
      30,
    )
    .option(
      "--json",
      "print one line of JSON once it can be used: url, pid, and after the first start user and apiKey",
    )
    .addHelpText(
      "after",
      `
Examples:
  em serve
  em serve --data /srv/em --port 8080
  em serve --hostname 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
  em serve --port 0 --json
  em serve --public-url https://lab.example.org/em --trust-proxy
  em serve user add eve
  em serve key add eve --name laptop --expires 90d
  em serve check
  em serve backup /mnt/backup/em
  em serve trash list`,
    )
    .action((flags: ServeFlags) => serve(flags, io));
  // What stands behind a command of its own is that command's.
  serveCommand.enablePositionalOptions();
  addServeUser(serveCommand, io);
  addServeKey(serveCommand, io);
  addServeCheck(serveCommand, io);
  addServeBackup(serveCommand, io);
  addServeTrash(serveCommand, io);
}

async function serve(flags: ServeFlags, io: CliIo): Promise<void> {
  const dataDir = resolve(flags.data);
  const server = await start(dataDir, flags);
  stopOnSignal(() => server.shutdown());
  for (const line of openNotice(flags)) io.stderr(`em: ${line}\n`);
  if (flags.json) sayReadyJson(server, dataDir, io);
  else sayReady(server, dataDir, io);
  await server.finished;
}

function sayReadyJson(
  { url, localUrl, firstStart }: RunningServer,
  dataDir: string,
  io: CliIo,
): void {
  printJsonLine(io, {
    url,
    localUrl,
    pages: webRoot(url),
    dataDir,
    pid: Deno.pid,
    user: firstStart?.user ?? null,
    apiKey: firstStart?.apiKey ?? null,
  });
}

function sayReady(server: RunningServer, dataDir: string, io: CliIo): void {
  io.stdout(`AIStore server at ${server.url}\n`);
  if (server.localUrl !== server.url) {
    io.stdout(`Listening at ${server.localUrl}\n`);
  }
  io.stdout(`Pages:   ${webRoot(server.url)}\n`);
  if (server.firstStart !== undefined) {
    const { user, apiKey } = server.firstStart;
    io.stdout(
      `User:    ${user}\n` +
        `API key: ${apiKey} (shown only this once)\n` +
        `Log in:  deno run -A jsr:@t9k/em/cli login --host ${server.url} --api-key ${apiKey}\n`,
    );
  }
  io.stdout(`Data in  ${dataDir}\n`);
}

async function start(
  dataDir: string,
  flags: ServeFlags,
): Promise<RunningServer> {
  const { port, hostname, user, publicUrl, trustProxy } = flags;
  const { accessLog, metricsPublic, durability, trashDays } = flags;
  const tls = await readTls(flags);
  const { ListenError, startServer } = await import("../server/mod.ts");
  try {
    return await startServer({
      dataDir,
      port,
      hostname,
      user,
      tls,
      publicUrl,
      trustProxy,
      accessLog,
      metricsPublic,
      durability,
      trashMs: trashDays * DAY_MS,
    });
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

async function readTls(
  { tlsCert, tlsKey }: ServeFlags,
): Promise<TlsOptions | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new UsageFailure("--tls-cert and --tls-key are given together");
  }
  return { cert: await readPem(tlsCert), key: await readPem(tlsKey) };
}

async function readPem(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new CliFailure(`cannot read TLS file "${path}": ${problem}`);
  }
}
