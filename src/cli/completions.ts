import type { Command } from "commander";
import { Argument } from "commander";
import type { CliIo } from "./io.ts";
import { oneOf } from "./options.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

type Shell = typeof SHELLS[number];

/**
 * Adds `em completions`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addCompletions(program: Command, io: CliIo): void {
  program.command("completions")
    .summary("print completions for a shell")
    .description(
      "Prints a script that completes commands, options, their values and paths of em in a shell.",
    )
    .addArgument(
      new Argument("<shell>", "bash, zsh or fish").argParser(
        oneOf<Shell>(SHELLS),
      ),
    )
    .addHelpText(
      "after",
      `
Examples:
  em completions bash > ~/.local/share/bash-completion/completions/em
  em completions zsh > ~/.zfunc/_em                       # a directory in fpath
  em completions fish > ~/.config/fish/completions/em.fish`,
    )
    .action(async (shell: Shell) => {
      const { describeCommands } = await import("./completions/commands.ts");
      const { bashScript } = await import("./completions/bash.ts");
      const { zshScript } = await import("./completions/zsh.ts");
      const { fishScript } = await import("./completions/fish.ts");
      const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
      io.stdout(scripts[shell](describeCommands(program)));
    });
}
