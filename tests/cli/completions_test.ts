import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { makeProgram } from "../../src/cli/program.ts";
import {
  allCommands,
  describeCommands,
} from "../../src/cli/completions/commands.ts";
import { processIo } from "../../src/cli/io.ts";
import { tempDir } from "../support/temp_dir.ts";
import { checkOffers, completionsOf, outputOf } from "./completion_cases.ts";

Deno.test("em completions bash offers commands, options, values and files", async () => {
  using dir = tempDir();
  Deno.writeTextFileSync(join(dir.path, "local.txt"), "");
  Deno.writeTextFileSync(
    join(dir.path, "em.bash"),
    await completionsOf("bash"),
  );
  checkOffers((words) => {
    // Where the function offers nothing, the shell offers files, as the script has asked it to.
    const text = [
      "source ./em.bash",
      'COMP_WORDS=(em "$@"); COMP_CWORD=$#',
      "_em",
      '[[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "${@: -1}"))',
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ].join("\n");
    return outputOf("bash", ["-uc", text, "bash", ...words], dir.path).split(
      "\n",
    );
  });
  assertEquals(
    outputOf("bash", ["-c", "source ./em.bash; complete -p em"], dir.path),
    "complete -o default -F _em em\n",
  );
});

Deno.test("em completions knows every command and option that the help shows", async () => {
  const all = allCommands(describeCommands(makeProgram(processIo)));
  assert(all.length > 20);
  for (const shell of ["bash", "zsh", "fish"]) {
    const text = await completionsOf(shell);
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
