import {
  allCommands,
  type CompletedCommand,
  keyOf,
  quoted,
} from "./commands.ts";

/**
 * Writes the completions for bash.
 *
 * @param program The program.
 * @returns The script.
 */
export function bashScript(program: CompletedCommand): string {
  const all = allCommands(program);
  const steps = all.slice(1).map(keyOf).map(quoted).join("|");
  const lines = [
    "# bash completion for em",
    "_em() {",
    '  local at=em cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" words="" i',
    "  for ((i = 1; i < COMP_CWORD; i++)); do",
    '    case "$at ${COMP_WORDS[i]}" in',
    `      ${steps}) at="$at \${COMP_WORDS[i]}" ;;`,
    "    esac",
    "  done",
    "  COMPREPLY=()",
    '  case "$at:$prev" in',
    ...all.flatMap(values),
    "  esac",
    '  case "$at:$cur" in',
    ...all.map(({ options, ...command }) => {
      const flags = options.flatMap((option) => option.flags);
      return `    ${quoted(`${keyOf({ options, ...command })}:-`)}*) words=${
        quoted(flags.join(" "))
      } ;;`;
    }),
    ...all.map((command) => {
      const { commands, choices } = command;
      const names = commands.map(({ path }) => path.at(-1) ?? "");
      return `    ${quoted(`${keyOf(command)}:`)}*) words=${
        quoted([...names, ...choices].join(" "))
      } ;;`;
    }),
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    "}",
    // What nothing is known for is a file.
    "complete -o default -F _em em",
  ];
  return `${lines.join("\n")}\n`;
}

/** After an option that takes a value: its values, or files. */
function values(command: CompletedCommand): string[] {
  return command.options.filter(({ hasValue }) => hasValue).map((option) => {
    const pattern = option.flags.map((flag) =>
      quoted(`${keyOf(command)}:${flag}`)
    ).join("|");
    const words = quoted(option.choices.join(" "));
    return `    ${pattern}) COMPREPLY=($(compgen -W ${words} -- "$cur")); return ;;`;
  });
}
