/** Options of {@linkcode joinRun}. */
export interface JoinRunOptions {
  /**
   * Which of the processes this is: a whole number from 0 on, that no other process of the run has at the time. Default:
   * the first that may be read of the environment variables `RANK`, `SLURM_PROCID`, `OMPI_COMM_WORLD_RANK` and `PMI_RANK`.
   */
  readonly rank?: number;
  /** Whether what the script prints on stdout is copied into the rank's `stdout.log`. Default: true. */
  readonly captureConsole?: boolean;
}
