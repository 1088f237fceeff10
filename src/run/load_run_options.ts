import {
  requireBoolean,
  requireKnown,
  requireObject,
  requireString,
} from "../format/option_checks.ts";
import {
  checkSystemMetrics,
  type SystemMetricsOptions,
} from "../system/system_metrics_options.ts";
import { checkDurability, type Durability } from "./durability.ts";
import {
  resolveUploadOptions,
  type UploadOptions,
} from "../upload/placing/upload_options.ts";

/**
 * Options of {@linkcode loadRun}. Folder, `makeFolder` and `conflictStrategy` are those of the run's last upload to, or
 * download from, the same server, unless a folder is given.
 */
export interface LoadRunOptions extends UploadOptions {
  /**
   * Whether the run is uploaded in the background while it goes on; its node on the server is continued. Needs a login.
   * Default: false.
   */
  readonly autoUpload?: boolean;
  /** Whether what the script prints on stdout is added to the run's `stdout.log`. Default: true. */
  readonly captureConsole?: boolean;
  /**
   * Whether the artifacts that a run on a server used and produced are downloaded with it, into the directory of
   * artifacts, unless they are there already. A dataset may be large. One that may not be read, or is gone, is warned of.
   * Not for a run that is loaded by its local directory. Default: false.
   */
  readonly fetchArtifacts?: boolean;
  /**
   * What the records survive: `"process"`, the end of the process in any way; `"power"`, a failure of the machine, too,
   * but for what was logged in the last second. Default: `"process"`.
   */
  readonly durability?: Durability;
  /**
   * Whether the load of the machine and of this process is recorded, every 10 s or as often as said, as metric type
   * `system`; steps are seconds since the run first began. Default: false.
   */
  readonly systemMetrics?: boolean | SystemMetricsOptions;
  /** Ends the download of a run that is on a server; what is whole is kept for the next time. Default: none. */
  readonly signal?: AbortSignal;
}

const KNOWN: ReadonlySet<string> = new Set<keyof LoadRunOptions>([
  "autoUpload",
  "folder",
  "makeFolder",
  "conflictStrategy",
  "captureConsole",
  "durability",
  "fetchArtifacts",
  "systemMetrics",
  "signal",
]);

/**
 * Checks the arguments of {@linkcode loadRun}.
 *
 * @param path What is to be loaded.
 * @param options What the user passed in.
 * @throws {TypeError} If an argument has the wrong type.
 * @throws {RangeError} If an option has a value that is not allowed.
 */
export function checkLoadOptions(path: unknown, options: LoadRunOptions): void {
  if (requireString(path, "path") === "") {
    throw new RangeError(
      "Cannot load Run: the path must not be empty; pass a run directory, or a path on the server",
    );
  }
  requireObject(options, "loadRun");
  requireKnown(options, KNOWN, "load Run");
  requireBoolean(options.autoUpload ?? false, "autoUpload");
  requireBoolean(options.captureConsole ?? true, "captureConsole");
  requireBoolean(options.fetchArtifacts ?? false, "fetchArtifacts");
  checkDurability(options.durability);
  checkSystemMetrics(options.systemMetrics);
  resolveUploadOptions(options);
}
