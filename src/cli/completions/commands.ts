import type { Command, Option } from "commander";
import type { ChoiceReader } from "../options.ts";

/** A command, as completions need it. */
export interface CompletedCommand {
  /** The way to it, without `em`: empty for `em` itself. */
  readonly path: readonly string[];
  /** The line that says what it does. */
  readonly summary: string;
  /** Its commands. */
  readonly commands: readonly CompletedCommand[];
  /** Its options. */
  readonly options: readonly CompletedOption[];
  /** Whether it takes arguments that are not commands. */
  readonly hasArguments: boolean;
  /** What its arguments may be; none if they may be anything. */
  readonly choices: readonly string[];
}

/** An option, as completions need it. */
export interface CompletedOption {
  /** Its names, such as `-f` and `--folder`. */
  readonly flags: readonly string[];
  /** What it does. */
  readonly description: string;
  /** Whether a value follows. */
  readonly hasValue: boolean;
  /** What the value may be; none if it may be anything. */
  readonly choices: readonly string[];
}

/**
 * Describes a command and all below it.
 *
 * @param command The command.
 * @param path The way to it. Default: it is the program.
 * @returns What completions need.
 */
export function describeCommands(
  command: Command,
  path: readonly string[] = [],
): CompletedCommand {
  const help = command.createHelp();
  const args = command.registeredArguments;
  return {
    path,
    summary: command.summary() || command.description(),
    commands: help.visibleCommands(command).map((one) =>
      describeCommands(one, [...path, one.name()])
    ),
    options: help.visibleOptions(command).map(describeOption),
    hasArguments: args.length > 0,
    choices: args.flatMap((argument) => choicesOf(argument)),
  };
}

function describeOption(option: Option): CompletedOption {
  const { short, long, description, required, optional } = option;
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    hasValue: required || optional,
    choices: choicesOf(option),
  };
}

/** The values that a reader of `oneOf` allows. */
function choicesOf({ parseArg }: { parseArg?: unknown }): readonly string[] {
  const { choices = [] } = (parseArg ?? {}) as Partial<ChoiceReader<string>>;
  return choices;
}

/**
 * A command and all below it, in one list.
 *
 * @param command The command.
 * @returns The list, the command first.
 */
export function allCommands(
  command: CompletedCommand,
): readonly CompletedCommand[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/**
 * What stands for a command in a script: `em`, `em serve`, `em serve key`.
 *
 * @param command The command.
 * @returns The words.
 */
export function keyOf({ path }: CompletedCommand): string {
  return ["em", ...path].join(" ");
}

/**
 * A text as one word of a shell.
 *
 * @param text The text.
 * @returns The text in single quotes, as bash and zsh read them.
 */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
