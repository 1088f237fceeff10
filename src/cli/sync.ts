import type { Command } from "commander";
import { requireAccess } from "../local/permissions.ts";
import { createReporter } from "../reporter.ts";
import type { WatchEvent } from "../sync/watch_event.ts";
import { completedJson } from "./completed_json.ts";
import { safeText } from "../safe_text.ts";
import { defaultDirs } from "./default_dirs.ts";
import { CliFailure, UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { requireDirectory } from "./local_nodes.ts";
import { printJson, printJsonLine } from "./output/print.ts";
import { addPlaceOptions, type PlaceFlags, placeOf } from "./place_options.ts";
import { CompletedSayer, type Tally } from "./say_completed.ts";

interface SyncFlags extends PlaceFlags {
  readonly watch?: true;
  readonly all?: true;
  readonly json?: true;
}

/**
 * Adds `em sync`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addSync(program: Command, io: CliIo): void {
  const command = program.command("sync")
    .summary("complete the uploads that other processes have left")
    .description(
      "Completes on their servers the runs and artifacts below a directory that were to be uploaded and are not known " +
        "to be there whole, each where it was to go. A run whose process was killed gets the status Error. With --watch " +
        "it goes on, and follows what other processes write, until it is stopped with Ctrl-C or SIGTERM.",
    )
    .argument(
      "[dir...]",
      "directories with runs and artifacts, or single ones (default: .em/runs and .em/artifacts)",
    )
    .option("-w, --watch", "go on, and follow running and new runs")
    .option(
      "-a, --all",
      "also those that were never to be uploaded, to the place that the other options name; and ask the server " +
        "for those that are known to be whole",
    );
  addPlaceOptions(command)
    .option(
      "--json",
      "print one JSON document; with --watch a line of JSON for each event",
    )
    .addHelpText(
      "after",
      `
Examples:
  em sync
  em sync /data/em/runs --watch
  em sync .em/runs --all -f cv/mnist -m
  em sync --watch --json

The events of --watch --json are watch (once it has begun; with pid), follow (a
run that goes on is being delivered), upload (what was sent, and how that ended)
and stop.`,
    )
    .action((dirs: string[], flags: SyncFlags) => sync(dirs, flags, io));
}

async function sync(
  given: readonly string[],
  flags: SyncFlags,
  io: CliIo,
): Promise<void> {
  const place = placeOf(flags);
  const [flag] = Object.keys(place);
  if (flag !== undefined && !flags.all) {
    throw new UsageFailure(
      "the options that name a place are for what was never to be uploaded: add --all, or use em upload",
    );
  }
  const dirs = given.length > 0 ? given : defaultDirs();
  for (const dir of dirs) {
    requireAccess(dir, {
      names: ["read", "write"],
      what: "what is to be synced in",
    });
  }
  const fallback = flags.all ? { fallback: place } : {};
  const { json } = flags;
  if (flags.watch) return await watch(dirs, { ...fallback, given, json, io });
  await once(dirs, { ...fallback, given, json, io });
}

interface SyncOptions {
  readonly fallback?: ReturnType<typeof placeOf>;
  /** The directories that stand on the command line. */
  readonly given: readonly string[];
  readonly json: true | undefined;
  readonly io: CliIo;
}

async function once(
  dirs: readonly string[],
  { io, given, json, ...options }: SyncOptions,
): Promise<void> {
  const { findDirectories } = await import("../sync/find_directories.ts");
  const { completeDirectories } = await import("../sync/complete.ts");
  for (const dir of given) requireDirectory(dir);
  const found = new Set(dirs.flatMap(findDirectories));
  const sayer = new CompletedSayer(io, { json });
  const reporter = { ...createReporter(io.stderr), info: () => {} };
  for await (
    const done of completeDirectories(found, { ...options, reporter })
  ) sayer.say(done);
  if (json) printJson(io, sayer.all);
  else io.stdout(`${summary(sayer.tally)}\n`);
  const { tried, failed } = sayer.tally;
  if (failed > 0) throw new CliFailure(`${failed} of ${tried} not synced`);
}

function summary(tally: Tally): string {
  const { tried, failed, whole, running, notAsked } = tally;
  const parts = [
    tried === 0
      ? "nothing left to sync"
      : `${tried - failed} of ${tried} synced`,
  ];
  if (whole > 0) parts.push(`${whole} known to be whole`);
  if (running > 0) parts.push(`${running} delivered by their own processes`);
  if (notAsked > 0) {
    parts.push(`${notAsked} never to be uploaded (--all uploads them)`);
  }
  return parts.join(", ");
}

async function watch(
  dirs: readonly string[],
  { io, given: _given, json, ...options }: SyncOptions,
): Promise<void> {
  const { watchDirectories } = await import("../sync/resident.ts");
  const stop = new AbortController();
  using _signals = stopOnSignal(() => stop.abort());
  await watchDirectories(dirs, {
    ...options,
    signal: stop.signal,
    reporter: createReporter(io.stderr),
    onReady: () =>
      json
        ? printJsonLine(io, { event: "watch", dirs, pid: Deno.pid })
        : io.stdout(`Watching ${safeText(dirs.join(" and "))}\n`),
    ...(json
      ? { onEvent: (event) => printJsonLine(io, eventJson(event)) }
      : {}),
  });
  if (json) printJsonLine(io, { event: "stop" });
}

function eventJson(event: WatchEvent): unknown {
  return event.state === "following"
    ? { event: "follow", path: event.path, host: event.host }
    : { event: "upload", ...completedJson(event) };
}

/** Stops at the first signal; a second one ends the process at once, as without us. */
function stopOnSignal(stop: () => void): Disposable {
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  const ignore = () => {
    for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
  };
  const onSignal = () => {
    ignore();
    stop();
  };
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  return { [Symbol.dispose]: ignore };
}
