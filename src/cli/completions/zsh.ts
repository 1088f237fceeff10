import {
  allCommands,
  type CompletedCommand,
  keyOf,
  quoted,
} from "./commands.ts";

/**
 * Writes the completions for zsh.
 *
 * @param program The program.
 * @returns The script, a file `_em` of a directory in `fpath`.
 */
export function zshScript(program: CompletedCommand): string {
  const all = allCommands(program);
  const steps = all.slice(1).map(keyOf).map(quoted).join("|");
  const lines = [
    "#compdef em",
    "_em() {",
    '  local at=em cur="${words[CURRENT]}" prev="${words[CURRENT-1]}" i',
    "  local -a found",
    "  for ((i = 2; i < CURRENT; i++)); do",
    '    case "$at ${words[i]}" in',
    `      ${steps}) at="$at \${words[i]}" ;;`,
    "    esac",
    "  done",
    '  case "$at:$prev" in',
    ...all.flatMap(values),
    "  esac",
    '  case "$at:$cur" in',
    ...all.map((command) =>
      `    ${quoted(`${keyOf(command)}:-`)}*) found=(${
        command.options.flatMap(({ flags, description }) =>
          flags.map((flag) => described(flag, description))
        ).join(" ")
      }) ;;`
    ),
    ...all.map((command) => {
      const { commands, choices } = command;
      const named = commands.map(({ path, summary }) =>
        described(path.at(-1) ?? "", summary)
      );
      return `    ${quoted(`${keyOf(command)}:`)}*) found=(${
        [...named, ...choices.map(quoted)].join(" ")
      }) ;;`;
    }),
    "  esac",
    "  if (( $#found )); then _describe -V em found; else _files; fi",
    "}",
    'if [[ "$funcstack[1]" = _em ]]; then _em "$@"; else compdef _em em; fi',
  ];
  return `${lines.join("\n")}\n`;
}

function values(command: CompletedCommand): string[] {
  return command.options.filter(({ hasValue }) => hasValue).map((option) => {
    const pattern = option.flags.map((flag) =>
      quoted(`${keyOf(command)}:${flag}`)
    ).join("|");
    const words = option.choices.map(quoted).join(" ");
    return option.choices.length > 0
      ? `    ${pattern}) compadd -- ${words}; return ;;`
      : `    ${pattern}) _files; return ;;`;
  });
}

/** A word and what it means, with `:` between them. */
function described(word: string, meaning: string): string {
  return quoted(`${word.replaceAll(":", "\\:")}:${meaning}`);
}
