import process from "node:process";

/** Whether a process runs. One that has ended does not, although its number stays taken until somebody asks for its exit code. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch (error) {
    // Without /proc the first call has told all that can be told.
    return error instanceof Deno.errors.NotFound && Deno.build.os !== "linux";
  }
}
