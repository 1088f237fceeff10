import type { Command } from "commander";
import type { CliIo } from "./io.ts";

interface JsonFlags {
  readonly json?: true;
}

/**
 * Adds `em context`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addContext(program: Command, io: CliIo): void {
  const context = program.command("context")
    .summary("list and choose servers")
    .description(
      "Lists and chooses the contexts of the t9k config file (T9K_CONFIG, else ~/.t9k/t9k-config.yaml): each names a " +
        "server, and holds the API key for it. em login adds one.",
    )
    .addHelpText(
      "after",
      `
Examples:
  em context list
  em context use prod`,
    );
  context.command("list")
    .summary("list the contexts")
    .description("Lists the contexts, without their keys.")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em context list
  em context list --json`,
    )
    .action((flags: JsonFlags) => list(flags, io));
  context.command("use")
    .summary("make a context the current one")
    .description(
      "Makes a context the current one, for this package, the Python SDK and the platform's tools. Everything else in " +
        "the file stays.",
    )
    .argument("<name>", "the context, as em context list shows it")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em context use prod`,
    )
    .action((name: string, flags: JsonFlags) => use(name, flags, io));
}

async function list(flags: JsonFlags, io: CliIo): Promise<void> {
  const { listContexts } = await import("../config/t9k_config.ts");
  const { path, contexts } = await listContexts({ env: io.env });
  const { printJson, printTable } = await import("./output/print.ts");
  if (flags.json) {
    return printJson(
      io,
      contexts.map(({ host = null, ...rest }) => ({ ...rest, host })),
    );
  }
  if (contexts.length === 0) {
    return io.stderr(`${path} has no contexts: em login adds one\n`);
  }
  printTable(
    io,
    [
      { title: " " },
      { title: "NAME" },
      { title: "SERVER", least: 16 },
      { title: "KEY" },
    ],
    contexts.map(({ name, host, isCurrent, hasKey }) => [
      isCurrent ? "*" : "",
      name,
      host ?? "none",
      hasKey ? "yes" : "no",
    ]),
  );
}

async function use(name: string, flags: JsonFlags, io: CliIo): Promise<void> {
  const { useContext } = await import("../config/t9k_config_writer.ts");
  const { path, changed } = await useContext(name, { env: io.env });
  const { safeText } = await import("../safe_text.ts");
  if (flags.json) {
    const { printJson } = await import("./output/print.ts");
    printJson(io, { context: name, configPath: path, isChanged: changed });
  } else {
    io.stdout(`Context "${safeText(name)}" is the current one in ${path}\n`);
  }
  const other = io.env("T9K_CONFIG_CONTEXT");
  if (other !== undefined && other !== "" && other !== name) {
    io.stderr(
      `em: T9K_CONFIG_CONTEXT names "${
        safeText(other)
      }", which is used instead as long as it is set\n`,
    );
  }
}
