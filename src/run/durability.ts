/**
 * What a run's records survive. `process`: the end of the process in any way, `SIGKILL` included. `power`: a failure of the
 * machine, too, but for what was logged in the last second.
 */
export type Durability = "process" | "power";

const DURABILITIES: readonly Durability[] = ["process", "power"];

/**
 * Checks a durability.
 *
 * @param value What the user passed in.
 * @returns The durability; `process` if nothing was passed in.
 * @throws {RangeError} If it is neither.
 */
export function checkDurability(value: unknown = "process"): Durability {
  const known = DURABILITIES.find((one) => one === value);
  if (known === undefined) {
    throw new RangeError(
      `Option durability must be "process" or "power", and is ${
        Deno.inspect(value)
      }`,
    );
  }
  return known;
}
