import { CliFailure, UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";

/** What {@linkcode confirm} asks for. */
export interface ConfirmOptions {
  /** What is about to be done, such as `remove 3 runs (1.2 GB)`. */
  readonly what: string;
  /** Whether `--yes` stands on the command line. */
  readonly yes: boolean | undefined;
}

/**
 * Makes sure that somebody wants what cannot be undone: by `--yes`, or by asking on a terminal.
 *
 * @param io Where to ask.
 * @param options What is about to be done.
 * @throws {UsageFailure} If there is no terminal, and no `--yes`.
 * @throws {CliFailure} If the answer is not yes.
 */
export function confirm(io: CliIo, { what, yes }: ConfirmOptions): void {
  if (yes) return;
  const answer = io.ask(`${what[0]?.toUpperCase()}${what.slice(1)}? [y/N]`);
  if (answer === undefined) {
    throw new UsageFailure(`nothing was done: say --yes to ${what}`);
  }
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new CliFailure("nothing was done");
  }
}
