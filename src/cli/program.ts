import { Command } from "commander";
import { suggest } from "../config/suggest.ts";
import { addCompare } from "./compare.ts";
import { addCompletions } from "./completions.ts";
import { addContext } from "./context.ts";
import { addDescribe } from "./describe.ts";
import { addDownload } from "./download.ts";
import { addExec } from "./exec.ts";
import { addExport } from "./export.ts";
import { addGc } from "./gc.ts";
import { addImport } from "./import.ts";
import type { CliIo } from "./io.ts";
import { addLogin } from "./login.ts";
import { addLogout } from "./logout.ts";
import { addLs } from "./ls.ts";
import { addMkdir } from "./mkdir.ts";
import { addMv } from "./mv.ts";
import { addPlot } from "./plot.ts";
import { addRm } from "./rm.ts";
import { addServe } from "./serve.ts";
import { addStatus } from "./status.ts";
import { addSync } from "./sync.ts";
import { addTail } from "./tail.ts";
import { addUi } from "./ui.ts";
import { addUpload } from "./upload.ts";
import { addVerify } from "./verify.ts";
import { safeText } from "../safe_text.ts";
import { VERSION } from "./version.ts";
import { addWhoami } from "./whoami.ts";

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
      "Experiment tracking: look at runs, run programs, upload, serve and exchange.",
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
      outputError: (text, write) => write(usageError(text, program)),
    })
    .addHelpText(
      "after",
      `
Examples:
  em ls
  em ui
  em exec -- python3 train.py
  em serve
  em login --host http://127.0.0.1:5757/t9k/aistore/server --api-key -
  em upload .em/runs
  em sync
  em status`,
    );
  const all = [
    addLs,
    addDescribe,
    addCompare,
    addTail,
    addPlot,
    addUi,
    addExec,
    addUpload,
    addSync,
    addStatus,
    addVerify,
    addDownload,
    addGc,
    addRm,
    addMv,
    addMkdir,
    addExport,
    addImport,
    addServe,
    addLogin,
    addLogout,
    addWhoami,
    addContext,
    addCompletions,
  ];
  for (const add of all) add(program, io);
  return program;
}

/** Brings commander's message into one line, without a key that somebody typed in the wrong place. */
function usageError(text: string, program: Command): string {
  const line = text.replace(/^error: /, "").trim().replaceAll(/\s*\n\s*/g, " ");
  const said = line.replaceAll(API_KEY, "…");
  return `em: ${safeText(said)}${meantCommand(said, program)}\n`;
}

/** A command that does something by itself takes a mistyped one of its own commands for an argument. */
function meantCommand(said: string, program: Command): string {
  const [, parent, word = ""] =
    /^too many arguments for '([^']+)'.* got 1: (\S+)\.$/.exec(said) ?? [];
  const commands = program.commands.find((one) => one.name() === parent)
    ?.commands ?? [];
  const near = suggest(word, commands.map((one) => one.name()));
  return near === undefined ? "" : ` (Did you mean ${near}?)`;
}
