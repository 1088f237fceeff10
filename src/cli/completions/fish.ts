import { allCommands, type CompletedCommand, keyOf } from "./commands.ts";

/**
 * Writes the completions for fish.
 *
 * @param program The program.
 * @returns The script.
 */
export function fishScript(program: CompletedCommand): string {
  const all = allCommands(program);
  const lines = [
    "# fish completion for em",
    "function __em_at",
    "  set -l at em",
    "  for word in (commandline -opc)[2..]",
    '    switch "$at $word"',
    `      case ${all.slice(1).map(keyOf).map(quoted).join(" ")}`,
    '        set at "$at $word"',
    "    end",
    "  end",
    '  test "$at" = "$argv"',
    "end",
    ...all.flatMap(linesOf),
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf(command: CompletedCommand): string[] {
  const { commands, options, choices, hasArguments } = command;
  const start = `complete -c em -n ${quoted(`__em_at ${keyOf(command)}`)}`;
  const lines = commands.map(({ path, summary }) =>
    `${start} -f -a ${quoted(path.at(-1) ?? "")} -d ${quoted(summary)}`
  );
  if (choices.length > 0) {
    lines.push(`${start} -f -a ${quoted(choices.join(" "))}`);
  } else if (!hasArguments && commands.length === 0) lines.push(`${start} -f`);
  for (const { flags, description, ...option } of options) {
    const names = flags.map((flag) =>
      flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`
    );
    const value = option.choices.length > 0
      ? ` -x -a ${quoted(option.choices.join(" "))}`
      : option.hasValue
      ? " -r"
      : "";
    lines.push(`${start} ${names.join(" ")}${value} -d ${quoted(description)}`);
  }
  return lines;
}

/** In fish's single quotes a backslash keeps only itself and a quote. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
