import type { Command } from "commander";
import { ListenError } from "../server/listen_error.ts";
import type { RunningViewer } from "../viewer/start_viewer.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { printJsonLine } from "./output/print.ts";
import { safeText } from "../safe_text.ts";
import { browserCommand, mayOpenBrowser } from "./open_browser.ts";
import { openViewNotice } from "./open_notice.ts";
import { parsePort } from "./options.ts";
import { stopOnSignal } from "./stop_on_signal.ts";

interface UiFlags {
  readonly port?: number;
  readonly hostname: string;
  readonly open?: boolean;
  readonly json?: true;
}

/**
 * Adds `em ui`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addUi(program: Command, io: CliIo): void {
  program.command("ui")
    .summary("look at runs on this machine in a browser")
    .description(
      "Shows the runs and artifacts in a directory in a browser, also those that are running, until it is stopped with " +
        "Ctrl-C. Nothing is uploaded, and nothing in the directory is changed.",
    )
    .argument(
      "[dir]",
      ".em, a project's directory, a directory of runs, a run or an artifact",
      ".em",
    )
    .option(
      "--port <number>",
      "TCP port; 0 for any free one (default: 5858 or the next free one)",
      parsePort,
    )
    .option("--hostname <host>", "address to listen on", "127.0.0.1")
    .option(
      "--open",
      "open the browser (default: on a terminal with a display)",
    )
    .option("--no-open", "do not open it")
    .option(
      "--json",
      "print one line of JSON once it can be used: url, root and pid",
    )
    .addHelpText(
      "after",
      `
Examples:
  em ui
  em ui path/to/project
  em ui --no-open --json
  em ui .em/runs/cnn_mnist_261123_082118_6fauz3
  ssh -L 5858:127.0.0.1:5858 gpu1 em ui project/.em    # on another machine

There is no key: whoever can reach the address can read what is shown. On
127.0.0.1 that is who works on this machine.`,
    )
    .action((dir: string, flags: UiFlags) => show(dir, { flags, io }));
}

async function show(
  dir: string,
  { flags, io }: { readonly flags: UiFlags; readonly io: CliIo },
): Promise<void> {
  const viewer = await start(dir, flags);
  stopOnSignal(() => viewer.shutdown());
  for (const line of openViewNotice(flags.hostname)) io.stderr(`em: ${line}\n`);
  const { url, root } = viewer;
  if (flags.json) printJsonLine(io, { url, root, pid: Deno.pid });
  else io.stdout(`Showing ${safeText(root)}\nOpen    ${url}\n`);
  openBrowser(viewer.url, { flags, io });
  await viewer.finished;
}

async function start(dir: string, flags: UiFlags): Promise<RunningViewer> {
  const { port, hostname } = flags;
  const { startViewer } = await import("../viewer/start_viewer.ts");
  try {
    return await startViewer({ dir, port, hostname });
  } catch (error) {
    const isTaken = error instanceof ListenError &&
      error.cause instanceof Deno.errors.AddrInUse;
    if (!isTaken) throw error;
    throw new CliFailure(
      `port ${port} on ${hostname} is taken: choose another with --port, or leave it out for a free one`,
    );
  }
}

/** Whatever goes wrong, the address has been printed. */
function openBrowser(
  url: string,
  { flags, io }: { readonly flags: UiFlags; readonly io: CliIo },
): void {
  const isWanted = flags.open ?? mayOpenBrowser();
  if (!isWanted) return;
  const [command, ...args] = browserCommand(url);
  const asked = { name: "run", command } as const;
  if (Deno.permissions.querySync(asked).state !== "granted") {
    if (flags.open) {
      io.stderr(`em: opening a browser needs --allow-run=${command}\n`);
    }
    return;
  }
  try {
    const options = {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    } as const;
    new Deno.Command(command, options).spawn().unref();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    io.stderr(`em: cannot open a browser: ${problem}\n`);
  }
}
