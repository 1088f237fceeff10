/**
 * Whether there is a Python to train with.
 *
 * @returns Whether `python3` is there and runs.
 */
export function hasPython(): boolean {
  try {
    return new Deno.Command("python3", {
      args: ["--version"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
