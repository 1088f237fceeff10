import { relative } from "@std/path";
import { scoreText } from "../mnist/progress.ts";
import type { Training } from "../mnist/train.ts";
import type { ServerStats } from "../server_thread/mod.ts";
import type { CompareOptions, Comparison } from "./compare_node.ts";

/** What there is to report. */
export interface DemoOutcome extends CompareOptions {
  /** The folder of everything that the demo made. */
  readonly root: string;
  /** The server's data folder. */
  readonly dataDir: string;
  readonly training: Training;
  /** What the server had received before the comparison. */
  readonly received: ServerStats;
  readonly comparison: Comparison;
}

/**
 * Writes the end of the demo: the scores, where everything is, what was sent, and how to go on.
 *
 * @param outcome What happened.
 * @returns Lines of text.
 */
export function demoReport(outcome: DemoOutcome): string {
  const { root, dataDir, training, received, comparison } = outcome;
  const dir = relative(Deno.cwd(), outcome.localDir);
  const sent = kib(received.receivedBodyBytes);
  const ratio = (received.receivedBodyBytes / comparison.localBytes).toFixed(2);
  return `
  train    ${scoreText(training.train)}   (the last steps)
  val      ${scoreText(training.val)}   (10000 test images)
  time     ${training.seconds.toFixed(1)} s for ${training.steps} steps
  local    ${dir}
  remote   ${outcome.nodePath}
  sent     ${received.requests} requests, ${sent}: ${ratio} times the files' size
  files    ${verdict(comparison)}

Look at the curves in a browser, from the local files
  ${denoCommand()} task em ui ${root}/runs
or from the server, which has stopped: sign in with the API key ${outcome.apiKey}
  ${denoCommand()} task em serve --data ${dataDir}
Delete all of it
  rm -r ${root}`;
}

function verdict({ same, localBytes, differences }: Comparison): string {
  const count = same.length + differences.length;
  const files = `${count} files, ${kib(localBytes)}`;
  return differences.length === 0
    ? `${files}: every byte is the same on the server`
    : [`${files}: ${differences.length} DIFFER`, ...differences].join("\n    ");
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

/** How to start Deno as the user did: by name, or through npx where Deno is not installed. */
function denoCommand(): string {
  const throughNpx = Deno.env.get("npm_command") === "exec";
  return throughNpx ? `npx -y deno@${Deno.version.deno}` : "deno";
}
