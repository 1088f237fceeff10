/**
 * How system metrics are taken: records of metric type `system`, whose steps are seconds since the run began. Of the
 * machine they hold `cpu_percent` (0 to 100, all processors), `memory_used_gib`, `memory_percent`, `disk_free_gib`,
 * `disk_percent`, `disk_read_mib_per_s`, `disk_write_mib_per_s`, `network_received_mib_per_s` and
 * `network_sent_mib_per_s`; of this process and, on Linux with all permissions, of what it has started,
 * `process_cpu_percent` (a part of the same 100) and `process_memory_gib`; of each GPU that `nvidia-smi` knows, by its
 * index, `gpu_0_percent`, `gpu_0_memory_used_gib`, `gpu_0_memory_percent`, `gpu_0_temperature_celsius` and
 * `gpu_0_power_watts`. What is not there, or not permitted, is left out.
 */
export interface SystemMetricsOptions {
  /** How often, in milliseconds: at least 1000. Default: 10000. */
  readonly everyMs?: number;
}

const DEFAULT_EVERY_MS = 10_000;
const LEAST_EVERY_MS = 1_000;
/** What a timer can be set to. */
const LONGEST_EVERY_MS = 2 ** 31 - 1;

/**
 * Checks the option `systemMetrics`, and fills in the default.
 *
 * @param value What the user passed in.
 * @returns How often system metrics are taken, in milliseconds, or undefined if they are not.
 * @throws {TypeError} If it is neither a boolean nor an object with `everyMs`.
 * @throws {RangeError} If the time is too short.
 */
export function checkSystemMetrics(value: unknown): number | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return DEFAULT_EVERY_MS;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(
      `Option systemMetrics must be true, false or { everyMs: number }, and is ${
        Deno.inspect(value)
      }`,
    );
  }
  const { everyMs = DEFAULT_EVERY_MS, ...others } = value as {
    everyMs?: unknown;
  };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new TypeError(
      `Option systemMetrics has no "${unknown}"; it has everyMs`,
    );
  }
  if (typeof everyMs !== "number") {
    throw new TypeError(
      `Option systemMetrics.everyMs must be a number of milliseconds, and is ${
        Deno.inspect(everyMs)
      }`,
    );
  }
  if (!(everyMs >= LEAST_EVERY_MS && everyMs <= LONGEST_EVERY_MS)) {
    throw new RangeError(
      `Option systemMetrics.everyMs must be from ${LEAST_EVERY_MS} to ${LONGEST_EVERY_MS}, and is ${everyMs}`,
    );
  }
  return everyMs;
}
