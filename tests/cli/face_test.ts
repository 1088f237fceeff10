/**
 * The whole face of `em`, as a table: for each command its help, a command line that is wrong, one that succeeds and one
 * that fails. The table is in `face/*.txt`: behind `$` stands what is typed into a shell, in a scene of `em_scene.ts`,
 * the rows of a file one after the other; `|` marks stdout, `!` stderr, and `=` the exit code. What differs from one
 * time to the next is replaced, such as `$TIME`. A row that ends with `# ^C at "text"` is stopped once it prints that.
 *
 * To add a row, write its `$` line. `deno task face` runs all rows and writes what they print; read the difference.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Command } from "commander";
import { processIo } from "../../src/cli/io.ts";
import { makeProgram } from "../../src/cli/program.ts";
import { emScene, RUNS } from "./em_scene.ts";
import {
  formatTranscript,
  parseTranscript,
  showOutcome,
  type TranscriptRow,
} from "./face/transcript.ts";
import { runWith } from "./fake_io.ts";

const FACE = new URL("face/", import.meta.url);
const isUpdate = Deno.args.includes("--update");

const files = [...Deno.readDirSync(FACE)].map(({ name }) => name)
  .filter((name) => name.endsWith(".txt")).sort();

function rowsOf(file: string): TranscriptRow[] {
  return parseTranscript(Deno.readTextFileSync(new URL(file, FACE)));
}

for (const file of files) {
  Deno.test(`em prints what face/${file} says`, async () => {
    await using scene = await emScene();
    const { server: { url, apiKey }, dir } = scene;
    const rows: TranscriptRow[] = [];
    for (const row of rowsOf(file)) {
      const { line } = row;
      const [, stopAt] = / # \^C at "(.+)"$/.exec(line) ?? [];
      let shown: string;
      if (isHelp(line)) {
        // What nothing around it can change needs no process of its own.
        shown = showOutcome(await runWith(line.split(" ").slice(1)));
      } else {
        const outcome = await scene.sh(line, { stopAt });
        const values = { dir, url, apiKey, kept: RUNS };
        shown = showOutcome(outcome, values);
      }
      rows.push({ ...row, shown });
      if (!isUpdate) {
        assertEquals(shown, row.shown, `$ ${line}\n(deno task face)`);
      }
    }
    if (isUpdate) {
      Deno.writeTextFileSync(new URL(file, FACE), formatTranscript(rows));
    }
  });
}

function isHelp(line: string): boolean {
  return /^em(| help( [a-z-]+)*|( [a-z-]+)* --help)$/.test(line);
}

/** What a command need not show, and why. */
const MISSING: Readonly<Record<string, string>> = {
  "completions fails": "it reads nothing, so nothing can be missing",
};

Deno.test("the face of em shows of every command its help, a mistake, a success and a failure", () => {
  const rows = files.flatMap(rowsOf);
  const commands = [...walk(makeProgram(processIo))];
  const found = new Set<string>();
  for (const { line, shown } of rows) {
    const name = commands.map(({ path }) => path)
      .filter((path) => ` ${line} `.includes(` em ${path} `))
      .sort((a, b) => b.length - a.length)[0];
    if (name === undefined) continue;
    if (line.endsWith(" --help")) found.add(`${name} helps`);
    else if (shown.endsWith("\n= 0") || shown === "= 0") {
      found.add(`${name} succeeds`);
    } else if (!shown.endsWith("\n= 2")) found.add(`${name} fails`);
    else if (shown.includes("(Did you mean ")) found.add(`${name} advises`);
  }
  for (const { path, hasAction } of commands) {
    const wanted = hasAction
      ? ["helps", "advises", "succeeds", "fails"]
      : ["helps", "advises"];
    for (const what of wanted) {
      const key = `${path} ${what}`;
      assert(
        found.has(key) !== key in MISSING,
        `no row, or one too many: ${key}`,
      );
    }
  }
});

interface Walked {
  /** The way to the command, as it is typed behind `em`. */
  readonly path: string;
  /** Whether it does something itself, and is not only the parent of others. */
  readonly hasAction: boolean;
}

function* walk(
  command: Command,
  path: readonly string[] = [],
): Generator<Walked> {
  for (const child of command.commands) {
    const way = [...path, child.name()];
    const hasAction = child.commands.length === 0 || child.name() === "serve";
    yield { path: way.join(" "), hasAction };
    yield* walk(child, way);
  }
}
