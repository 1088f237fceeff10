import { join } from "@std/path";
import { requireShell } from "../support/provide_shells.ts";
import { tempDir } from "../support/temp_dir.ts";
import { checkOffers, completionsOf, outputOf } from "./completion_cases.ts";

Deno.test("em completions zsh offers commands, options, values and files", async () => {
  requireShell("zsh");
  using dir = tempDir();
  Deno.writeTextFileSync(join(dir.path, "local.txt"), "");
  Deno.writeTextFileSync(join(dir.path, "_em"), await completionsOf("zsh"));
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
  checkOffers((words) =>
    outputOf("zsh", ["-fc", text, "zsh", ...words], dir.path).split("\n")
      .filter((offer) => offer.startsWith(words.at(-1) ?? ""))
  );
});
