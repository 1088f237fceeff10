import { assert, assertEquals } from "@std/assert";
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

/** The completions of a shell. */
export async function completionsOf(shell: string): Promise<string> {
  const { code, stdout, stderr } = await runWith(["completions", shell]);
  assertEquals([code, stderr], [0, ""]);
  return stdout;
}

/** What a program prints; it must succeed, and complain of nothing. */
export function outputOf(
  command: string,
  args: readonly string[],
  cwd: string,
): string {
  const { stdout, stderr, success } = new Deno.Command(command, {
    args: [...args],
    cwd,
    stdin: "null",
  }).outputSync();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success && stderr.length === 0, decode(stderr));
  return decode(stdout);
}

/** Asks a shell what it offers, and compares. */
export function checkOffers(
  offered: (words: readonly string[]) => readonly string[],
): void {
  for (const [words, wanted, not] of CASES) {
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
