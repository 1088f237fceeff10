import type { Progress, ProgressOptions } from "../progress.ts";
import type { CliIo } from "./io.ts";

/**
 * Shows how far a command has come, on a terminal.
 *
 * @param io Where.
 * @param options What goes on.
 * @returns Ends the showing.
 */
export async function commandProgress(
  { progress }: CliIo,
  options: Pick<ProgressOptions, "title" | "look">,
): Promise<Progress> {
  const { showProgress } = await import("../progress.ts");
  return showProgress({
    ...options,
    ...(progress === undefined ? {} : { output: progress }),
  });
}
