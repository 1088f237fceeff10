import { type CompletedCommand, quoted } from "./commands.ts";
import { posixFunction } from "./posix_script.ts";

/**
 * Writes the completions for bash.
 *
 * @param program The program.
 * @returns The script.
 */
export function bashScript(program: CompletedCommand): string {
  const reply = (words: string) =>
    `COMPREPLY=($(compgen -W ${words} -- "$cur"))`;
  const keep = (words: readonly string[]) => `words=${quoted(words.join(" "))}`;
  const lines = [
    "# bash completion for em",
    ...posixFunction(program, {
      words: "COMP_WORDS",
      first: 1,
      current: "COMP_CWORD",
      locals: ['local words=""', "COMPREPLY=()"],
      offerValues: (choices) => reply(quoted(choices.join(" "))),
      keepFlags: (options) => keep(options.flatMap(({ flags }) => flags)),
      keepWords: ({ commands, choices }) =>
        keep([...commands.map(({ path }) => path.at(-1) ?? ""), ...choices]),
      offer: reply('"$words"'),
    }),
    // What nothing is known for is a file.
    "complete -o default -F _em em",
  ];
  return `${lines.join("\n")}\n`;
}
