import {
  allCommands,
  type CompletedCommand,
  type CompletedOption,
  keyOf,
  quoted,
} from "./commands.ts";

/** In what bash and zsh differ where they complete a line. */
export interface PosixShell {
  /** The array of the line's words. */
  readonly words: string;
  /** The index of the first word behind `em`. */
  readonly first: number;
  /** The variable that holds the index of the word that is completed. */
  readonly current: string;
  /** More local variables. */
  readonly locals: readonly string[];
  /** The command that offers the values of an option; none stand for files. */
  readonly offerValues: (choices: readonly string[]) => string;
  /** The command that keeps the flags of a command as what may be offered. */
  readonly keepFlags: (options: readonly CompletedOption[]) => string;
  /** The same for what stands behind a command: its commands, and its arguments' values. */
  readonly keepWords: (command: CompletedCommand) => string;
  /** Offers what is kept. */
  readonly offer: string;
}

/**
 * Writes the function `_em` of bash or zsh.
 *
 * @param program The program.
 * @param shell The shell.
 * @returns The lines.
 */
export function posixFunction(
  program: CompletedCommand,
  shell: PosixShell,
): string[] {
  const { words, first, current, locals } = shell;
  const all = allCommands(program);
  const steps = all.slice(1).map(keyOf).map(quoted).join("|");
  const each = (mark: string, keep: (command: CompletedCommand) => string) =>
    all.map((one) =>
      `    ${quoted(`${keyOf(one)}:${mark}`)}*) ${keep(one)} ;;`
    );
  return [
    "_em() {",
    `  local at=em cur="\${${words}[${current}]}" prev="\${${words}[${current}-1]}" i`,
    ...locals.map((line) => `  ${line}`),
    `  for ((i = ${first}; i < ${current}; i++)); do`,
    `    case "$at \${${words}[i]}" in`,
    `      ${steps}) at="$at \${${words}[i]}" ;;`,
    "    esac",
    "  done",
    '  case "$at:$prev" in',
    ...all.flatMap((command) => valuesOf(command, shell)),
    "  esac",
    '  case "$at:$cur" in',
    ...each("-", ({ options }) => shell.keepFlags(options)),
    ...each("", shell.keepWords),
    "  esac",
    `  ${shell.offer}`,
    "}",
  ];
}

/** After an option that takes a value: its values, or files. */
function valuesOf(
  command: CompletedCommand,
  { offerValues }: PosixShell,
): string[] {
  return command.options.filter(({ hasValue }) => hasValue).map((option) => {
    const pattern = option.flags.map((flag) =>
      quoted(`${keyOf(command)}:${flag}`)
    ).join("|");
    return `    ${pattern}) ${offerValues(option.choices)}; return ;;`;
  });
}
