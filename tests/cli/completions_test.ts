import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { makeProgram } from "../../src/cli/program.ts";
import {
  allCommands,
  describeCommands,
} from "../../src/cli/completions/commands.ts";
import { processIo } from "../../src/cli/io.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runWith } from "./fake_io.ts";

/** What stands on a command line, its last word being completed, and some of what is offered. */
const CASES: [words: string[], offered: string[], not: string[]][] = [
  [["up"], ["upload"], ["ui"]],
  [[""], ["serve", "status", "verify", "completions", "help"], ["add"]],
  [["--ver"], ["--version"], []],
  [["serve", ""], ["user", "key", "trash"], ["upload"]],
  [["serve", "key", ""], ["add", "list"], ["user"]],
  [["serve", "--data", "serve", "key", "add", "--exp"], ["--expires"], []],
  [["upload", "x", "--con"], ["--conflict-strategy"], ["--folder"]],
  [["upload", "-c", ""], ["skip", "replace"], ["--folder"]],
  [["upload", "--conflict-strategy", "s"], ["skip"], ["new"]],
  [["completions", ""], ["bash", "zsh", "fish"], []],
  [["gc", "-"], ["--dry-run", "-n"], ["--watch"]],
  [["upload", "lo"], ["local.txt"], []],
  [["context", "u"], ["use"], ["ui"]],
];

async function script(shell: string): Promise<string> {
  const { code, stdout, stderr } = await runWith(["completions", shell]);
  assertEquals([code, stderr], [0, ""]);
  return stdout;
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { stdout, stderr, success } = new Deno.Command(command, {
    args: [...args],
    cwd,
    stdin: "null",
  }).outputSync();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success && stderr.length === 0, decode(stderr));
  return decode(stdout);
}

function has(command: string): boolean {
  return (Deno.env.get("PATH") ?? "").split(":").some((dir) => {
    try {
      return Deno.statSync(join(dir, command)).isFile;
    } catch {
      return false;
    }
  });
}

function check(
  offered: (words: readonly string[]) => readonly string[],
  cases = CASES,
): void {
  for (const [words, wanted, not] of cases) {
    const found = offered(words);
    for (const word of wanted) {
      assert(
        found.includes(word),
        `em ${words.join(" ")}: no ${word}: ${found}`,
      );
    }
    for (const word of not) {
      assert(!found.includes(word), `em ${words.join(" ")}: ${word}`);
    }
  }
}

Deno.test({
  name:
    "em completions bash offers commands, options, values and files (needs bash)",
  ignore: !has("bash"),
  async fn() {
    using dir = tempDir();
    Deno.writeTextFileSync(join(dir.path, "local.txt"), "");
    Deno.writeTextFileSync(join(dir.path, "em.bash"), await script("bash"));
    check((words) => {
      // Where the function offers nothing, the shell offers files, as the script has asked it to.
      const text = [
        "source ./em.bash",
        'COMP_WORDS=(em "$@"); COMP_CWORD=$#',
        "_em",
        '[[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "${@: -1}"))',
        'printf "%s\\n" "${COMPREPLY[@]}"',
      ].join("\n");
      return run("bash", ["-uc", text, "bash", ...words], dir.path).split("\n");
    });
    assertEquals(
      run("bash", ["-c", "source ./em.bash; complete -p em"], dir.path),
      "complete -o default -F _em em\n",
    );
  },
});

Deno.test({
  name:
    "em completions fish offers commands, options, values and files (needs fish)",
  ignore: !has("fish"),
  async fn() {
    using dir = tempDir();
    Deno.writeTextFileSync(join(dir.path, "local.txt"), "");
    Deno.writeTextFileSync(join(dir.path, "em.fish"), await script("fish"));
    check((words) => {
      const line = ["em", ...words].join(" ");
      const text = `source ./em.fish; complete -C '${line}'`;
      return run("fish", ["--no-config", "-c", text], dir.path).split("\n")
        .map((offer) => offer.split("\t")[0] ?? "");
    });
  },
});

Deno.test({
  name:
    "em completions zsh offers commands, options, values and files (needs zsh)",
  ignore: !has("zsh"),
  async fn() {
    using dir = tempDir();
    Deno.writeTextFileSync(join(dir.path, "local.txt"), "");
    Deno.writeTextFileSync(join(dir.path, "_em"), await script("zsh"));
    // The functions with which zsh takes what is offered are replaced by ones that print it.
    const text = [
      "compdef() { }",
      '_describe() { local one; for one in "${found[@]}"; do print -r -- "${one%%:*}"; done }',
      'compadd() { shift; print -rl -- "$@" }',
      "_files() { print -rl -- *(N) }",
      "source ./_em",
      'words=(em "$@"); CURRENT=$#words',
      "_em",
    ].join("\n");
    // zsh itself leaves out what does not begin with what was typed.
    check((words) =>
      run("zsh", ["-fc", text, "zsh", ...words], dir.path).split("\n")
        .filter((offer) => offer.startsWith(words.at(-1) ?? ""))
    );
  },
});

Deno.test("em completions knows every command and option that the help shows", async () => {
  const all = allCommands(describeCommands(makeProgram(processIo)));
  assert(all.length > 20);
  for (const shell of ["bash", "zsh", "fish"]) {
    const text = await script(shell);
    for (const { path, options } of all) {
      assert(text.includes(`em ${path.join(" ")}`.trimEnd()), path.join(" "));
      for (const { flags } of options) {
        for (const flag of flags) {
          assert(text.includes(flag.replace(/^--?/, "")), `${path} ${flag}`);
        }
      }
    }
  }
});
