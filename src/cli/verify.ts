import type { Command } from "commander";
import { formatBytes } from "../progress.ts";
import type { Proof } from "../keeping/prove_whole.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { comparable, type Compared } from "./compared.ts";

interface VerifyFlags {
  readonly host?: string;
  readonly json?: true;
}

/**
 * Adds `em verify`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addVerify(program: Command, io: CliIo): void {
  program.command("verify")
    .summary("prove that a server has what is here")
    .description(
      "Compares runs and artifacts on this machine with a server, object by object, by size and MD5, and lists what " +
        "differs. Every file is read; nothing is changed. The exit code is 0 if the server has all of them as they are " +
        "here, and 1 if not.",
    )
    .argument(
      "<path...>",
      "directories of runs and artifacts, parents of such directories, or paths on the server of what is here too",
    )
    .option(
      "--host <url>",
      "the server's address (default: where it was uploaded to last)",
    )
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em verify .em/runs
  em verify .em/runs/cnn_mnist_261123_082118_6fauz3
  em verify default/cnn_mnist
  em verify .em/artifacts --json`,
    )
    .action((paths: string[], flags: VerifyFlags) => verify(paths, flags, io));
}

interface Verified {
  readonly path: string;
  readonly host: string | null;
  readonly node: string | null;
  readonly isWhole: boolean;
  readonly objects: number;
  readonly bytes: number;
  readonly differences: Proof["differences"];
  /** Why nothing could be compared. */
  readonly error: string | null;
}

async function verify(
  paths: readonly string[],
  flags: VerifyFlags,
  io: CliIo,
): Promise<void> {
  const { printJson } = await import("./output/print.ts");
  const { safeText } = await import("../safe_text.ts");
  const all: Verified[] = [];
  for await (const one of comparable(paths, { io, host: flags.host })) {
    const result = await verified(one);
    all.push(result);
    if (!flags.json) say(io, result, safeText);
  }
  if (flags.json) printJson(io, all);
  const failed = all.filter(({ isWhole }) => !isWhole).length;
  if (failed > 0) {
    throw new CliFailure(`${failed} of ${all.length} not proven to be whole`);
  }
}

async function verified(one: Compared): Promise<Verified> {
  const { path, host = null, node = null } = one;
  const none = { objects: 0, bytes: 0, differences: [] };
  const common = { path, host, node };
  try {
    const { listing: _listing, ...proof } = await one.prove();
    const isWhole = proof.differences.length === 0;
    return { ...common, isWhole, ...proof, error: null };
  } catch (error) {
    const { EmError } = await import("../errors.ts");
    if (!(error instanceof EmError || error instanceof CliFailure)) throw error;
    return { ...common, isWhole: false, ...none, error: error.message };
  }
}

const WORDS = {
  "missing-there": "missing on the server",
  "missing-here": "missing here",
  different: "different",
  changed: "changed while it was read",
  unreadable: "cannot be read here",
  unproven: "not proven: the server names no MD5",
} as const;

function say(
  io: CliIo,
  { path, host, node, objects, bytes, differences, error }: Verified,
  safe: (text: string) => string,
): void {
  if (error !== null) return io.stderr(`em: ${safe(path)}: ${safe(error)}\n`);
  const place = `${host} ${safe(node ?? "")}`;
  if (differences.length === 0) {
    return io.stdout(
      `${safe(path)}: whole on ${place}, ${objects} objects (${
        formatBytes(bytes)
      })\n`,
    );
  }
  io.stdout(
    `${
      safe(path)
    }: differs from ${place} in ${differences.length} of ${objects} objects\n`,
  );
  for (const { key, problem, bytesHere, bytesThere } of differences) {
    const sizes = problem === "different" && bytesHere !== bytesThere
      ? ` (${bytesHere} bytes here, ${bytesThere} there)`
      : "";
    io.stdout(`  ${safe(key)}: ${WORDS[problem]}${sizes}\n`);
  }
}
