import type { Command } from "commander";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { HOST_OPTION } from "./server_place.ts";

interface WhoamiFlags {
  readonly host?: string;
  readonly json?: true;
}

/**
 * Adds `em whoami`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addWhoami(program: Command, io: CliIo): void {
  program.command("whoami")
    .summary("show the user, the server and the context")
    .description(
      "Asks the server whose the API key is that em login remembered, and shows the user, the server and the context of " +
        "the t9k config file.",
    )
    .option(...HOST_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em whoami
  em whoami --json`,
    )
    .action((flags: WhoamiFlags) => whoami(flags, io));
}

async function whoami(flags: WhoamiFlags, io: CliIo): Promise<void> {
  const { openServer } = await import("./server_place.ts");
  const { loadT9kConfig } = await import("../config/t9k_config.ts");
  const { user, client: { host } } = await openServer(io, flags.host).catch(
    advise,
  );
  const { context = null, path } = await loadT9kConfig({ env: io.env, host });
  if (flags.json) {
    const { printJson } = await import("./output/print.ts");
    return printJson(io, { user, host, context, configPath: path });
  }
  const { safeText } = await import("../safe_text.ts");
  io.stdout(
    `User     ${safeText(user)}\nServer   ${host}\n` +
      `Context  ${safeText(context ?? "none")} (${safeText(path)})\n`,
  );
}

/** Who has no key learns from the error how to get one; who has one that is no good, here. */
async function advise(error: unknown): Promise<never> {
  const { AuthenticationError } = await import("../errors.ts");
  if (!(error instanceof AuthenticationError)) throw error;
  throw new CliFailure(
    `${error.message}; log in again with "em login --host ${error.host} --api-key KEY"`,
  );
}
