import type { Command } from "commander";
import { UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { given } from "./options.ts";

interface LoginFlags {
  readonly host?: string;
  readonly apiKey?: string;
  readonly context?: string;
  readonly verify: boolean;
  readonly json?: true;
}

/**
 * Adds `em login`.
 *
 * @param program The command to add it to.
 * @param io What it reads and writes.
 */
export function addLogin(program: Command, io: CliIo): void {
  program.command("login")
    .summary("remember a server and an API key")
    .description(
      "Logs in to an AIStore server, and remembers address and API key in the t9k config file (T9K_CONFIG, else " +
        "~/.t9k/t9k-config.yaml), which this module, the Python SDK and the platform's tools share.",
    )
    .option("--host <url>", "the server's address")
    .option(
      "--api-key <key>",
      'the API key; "-" reads it from stdin (default: EM_API_KEY)',
    )
    .option(
      "--context <name>",
      "the file's context to write (default: the current one)",
    )
    .option("--no-verify", "write the file without asking the server")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
The key stays out of the shell's history with "-" or EM_API_KEY.

Examples:
  em login --host http://127.0.0.1:5757/t9k/aistore/server --api-key - < key.txt
  EM_API_KEY=… em login --host https://t9k.example.com/t9k/aistore/server --context prod`,
    )
    .action((flags: LoginFlags) => login(flags, io));
}

async function login(flags: LoginFlags, io: CliIo): Promise<void> {
  const { host, apiKey } = await checkFlags(flags, io);
  let user: string | undefined;
  if (flags.verify) {
    const { login } = await import("../aistore/login.ts");
    ({ user } = await login({ host, apiKey }));
  }
  const { saveLogin } = await import("../config/t9k_config_writer.ts");
  const { path, context, previousHost } = await saveLogin({
    host,
    apiKey,
    env: io.env,
    ...(flags.context === undefined ? {} : { context: flags.context }),
  });
  if (flags.json) {
    const { printJson } = await import("./output/print.ts");
    return printJson(io, {
      host,
      user: user ?? null,
      context,
      configPath: path,
      previousHost: previousHost ?? null,
    });
  }
  io.stdout(
    user === undefined
      ? `Not verified: AIStore server ${host}\n`
      : `Logged in to AIStore server ${host} as user ${user}\n`,
  );
  if (previousHost !== undefined && previousHost !== host) {
    io.stdout(`Context "${context}" was for ${previousHost} before\n`);
  }
  io.stdout(`Saved in ${path}, context "${context}"\n`);
}

async function checkFlags(
  flags: LoginFlags,
  io: CliIo,
): Promise<{ readonly host: string; readonly apiKey: string }> {
  const named = given(flags.host, "--host <url>");
  const { checkApiKey, normalizeHost } = await import("../aistore/host.ts");
  const typed = flags.apiKey === "-"
    ? await io.readStdin()
    : flags.apiKey ?? io.env("EM_API_KEY");
  if (typed === undefined || typed.trim() === "") {
    throw new UsageFailure(
      'no API key is given: pass it with --api-key, on stdin with "--api-key -", or in EM_API_KEY',
    );
  }
  try {
    return {
      host: normalizeHost(named),
      apiKey: checkApiKey(typed.trim()),
    };
  } catch (error) {
    if (error instanceof TypeError) throw new UsageFailure(error.message);
    throw error;
  }
}
