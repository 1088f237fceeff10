import { type CompletedCommand, quoted } from "./commands.ts";
import { posixFunction } from "./posix_script.ts";

/**
 * Writes the completions for zsh.
 *
 * @param program The program.
 * @returns The script, a file `_em` of a directory in `fpath`.
 */
export function zshScript(program: CompletedCommand): string {
  const keep = (words: readonly string[]) => `found=(${words.join(" ")})`;
  const lines = [
    "#compdef em",
    ...posixFunction(program, {
      words: "words",
      first: 2,
      current: "CURRENT",
      locals: ["local -a found"],
      offerValues: (choices) =>
        choices.length > 0
          ? `compadd -- ${choices.map(quoted).join(" ")}`
          : "_files",
      keepFlags: (options) =>
        keep(
          options.flatMap(({ flags, description }) =>
            flags.map((flag) => described(flag, description))
          ),
        ),
      keepWords: ({ commands, choices }) =>
        keep([
          ...commands.map(({ path, summary }) =>
            described(path.at(-1) ?? "", summary)
          ),
          ...choices.map(quoted),
        ]),
      offer: "if (( $#found )); then _describe -V em found; else _files; fi",
    }),
    'if [[ "$funcstack[1]" = _em ]]; then _em "$@"; else compdef _em em; fi',
  ];
  return `${lines.join("\n")}\n`;
}

/** A word and what it means, with `:` between them. */
function described(word: string, meaning: string): string {
  return quoted(`${word.replaceAll(":", "\\:")}:${meaning}`);
}
