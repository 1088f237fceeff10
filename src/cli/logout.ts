import type { Command } from "commander";
import type { CliIo } from "./io.ts";

interface LogoutFlags {
  readonly context?: string;
  readonly json?: true;
}

/**
 * Adds `em logout`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addLogout(program: Command, io: CliIo): void {
  program.command("logout")
    .summary("forget the API key")
    .description(
      "Takes the API key out of the t9k config file (T9K_CONFIG, else ~/.t9k/t9k-config.yaml). Everything else in it " +
        "stays, and so does the key on the server.",
    )
    .option(
      "--context <name>",
      "the file's context to change (default: the current one)",
    )
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em logout
  em logout --context prod`,
    )
    .action((flags: LogoutFlags) => logout(flags, io));
}

async function logout(flags: LogoutFlags, io: CliIo): Promise<void> {
  const { removeLogin } = await import("../config/t9k_config_writer.ts");
  const { path, context, changed } = await removeLogin({
    env: io.env,
    ...(flags.context === undefined ? {} : { context: flags.context }),
  });
  if (flags.json) {
    const { printJson } = await import("./output/print.ts");
    return printJson(io, { context, configPath: path, isChanged: changed });
  }
  io.stdout(
    changed
      ? `Logged out: ${path}, context "${context}" holds no API key any more\n`
      : `Nobody was logged in: ${path}, context "${context}" holds no API key\n`,
  );
}
