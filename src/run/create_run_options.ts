import type { Durability } from "./durability.ts";
import type { AnyHparams } from "./hparam_values.ts";
import type { SystemMetricsOptions } from "../system/system_metrics_options.ts";
import type { ConflictStrategy } from "../upload/types.ts";
import type { UploadOptions } from "../upload/placing/upload_options.ts";
import type { Resume } from "./resume.ts";

/** Options of {@linkcode createRun}. */
export interface CreateRunOptions<T extends object = AnyHparams>
  extends UploadOptions {
  /**
   * A YAML file with any of the options `name`, `hparams`, `labels`, `description`, `auto_upload`, `folder`,
   * `make_folder` and `conflict_strategy`; what stands there wins over what is passed in. Default: none.
   */
  readonly configPath?: string;
  /**
   * The run's name: 1 to 40 letters, digits, `-` and `_`, starting and ending with a letter or digit. Default:
   * `"default"`.
   */
  readonly name?: string;
  /** The first hyperparameters; copied. Default: none. */
  readonly hparams?: T;
  /** Any number of labels. Default: none. */
  readonly labels?: readonly string[];
  /** What the run is about. Default: `""`. */
  readonly description?: string;
  /**
   * Whether the run is uploaded in the background while it goes on. Needs a login: {@linkcode login}, or the t9k config
   * file. Default: false.
   */
  readonly autoUpload?: boolean;
  /** Whether what the script prints on stdout is copied into the run's `stdout.log`. Default: true. */
  readonly captureConsole?: boolean;
  /**
   * What the records survive: `"process"`, the end of the process in any way; `"power"`, a failure of the machine, too:
   * what is logged is brought to the disk in the background once a second and at `finish()`, each version of a document at
   * once. It cannot stand in a config file, which the Python SDK reads, too. Default: `"process"`.
   */
  readonly durability?: Durability;
  /**
   * Whether the load of the machine and of this process is recorded, every 10 s or as often as said, as metric type
   * `system`; steps are seconds since the run began. It cannot stand in a config file, which the Python SDK reads, too.
   * Default: false.
   */
  readonly systemMetrics?: boolean | SystemMetricsOptions;
  /**
   * Whether a run that an earlier process has left unfinished goes on instead of a new one being made. `"auto"`: the
   * newest run of this name and with these hyperparameters in the directory of runs, if it is not `Complete` and nobody
   * writes it; else, with `autoUpload`, such a run in the folder on the server of which nothing has come for ten minutes or
   * that says `Error`; else a new one. `"must"`: the newest such run of this name, whatever its hyperparameters; an error
   * if there is none. Anything else is the run itself: its directory, its unique name, or its path on the server. It cannot stand
   * in a config file. Default: false.
   */
  readonly resume?: Resume;
}

/** Options of {@linkcode createRun}, checked, with the config file's values and the defaults filled in. */
export interface ResolvedRunOptions {
  readonly name: string;
  readonly hparams: unknown;
  readonly labels: readonly string[];
  readonly description: string;
  readonly autoUpload: boolean;
  readonly folder: string;
  readonly makeFolder: boolean;
  readonly conflictStrategy: ConflictStrategy;
  readonly captureConsole: boolean;
  readonly durability: Durability;
  /** How often system metrics are taken, in milliseconds; undefined for never. */
  readonly systemEveryMs: number | undefined;
  readonly resume: Resume;
  /** Whether the user has named a folder. */
  readonly isPlaced: boolean;
}
