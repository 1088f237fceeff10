import { Command } from "commander";
import type { CliIo } from "./io.ts";
import { addCompare } from "./compare.ts";
import { addDescribe } from "./describe.ts";
import { addLogin } from "./login.ts";
import { addLogout } from "./logout.ts";
import { addLs } from "./ls.ts";
import { addPlot } from "./plot.ts";
import { addServe } from "./serve.ts";
import { addSync } from "./sync.ts";
import { addTail } from "./tail.ts";
import { addUi } from "./ui.ts";
import { addUpload } from "./upload.ts";
import { VERSION } from "./version.ts";

/** What looks like an API key, in any letter case. */
const API_KEY = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Columns of the help texts, whatever the terminal. */
const HELP_WIDTH = 80;

/**
 * Makes the `em` command.
 *
 * @param io What the commands read and write.
 * @returns The command; it throws a `CommanderError` where commander would end the process.
 */
export function makeProgram(io: CliIo): Command {
  const program = new Command("em")
    .description(
      "Experiment tracking: look at runs, serve, log in, upload and sync.",
    )
    .version(VERSION, "--version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
      outputError: (text, write) => write(usageError(text)),
    })
    .addHelpText(
      "after",
      `
Examples:
  em ls
  em ui
  em serve
  em login --host http://127.0.0.1:5757/t9k/aistore/server --api-key -
  em upload .em/runs
  em sync`,
    );
  const all = [
    addLs,
    addDescribe,
    addCompare,
    addTail,
    addPlot,
    addServe,
    addUi,
    addLogin,
    addLogout,
    addUpload,
    addSync,
  ];
  for (const add of all) add(program, io);
  return program;
}

/** Brings commander's message into one line, without a key that somebody typed in the wrong place. */
function usageError(text: string): string {
  const line = text.replace(/^error: /, "").trim().replaceAll(/\s*\n\s*/g, " ");
  return `em: ${line.replaceAll(API_KEY, "…")}\n`;
}
