/** Where a metric record stands in its run. */
export interface MetricSequence {
  /** The epoch, `null` where none was given. */
  readonly epoch: number | null;
  /** The step. */
  readonly step: number;
  /** The time of the call that recorded it: ISO 8601 with offset and microseconds. */
  readonly timestamp: string;
}

/** One call of `log()`, as it stands in a metrics file. */
export interface MetricRecord {
  /** The metrics by name, in the order in which they were given. */
  readonly value: Readonly<Record<string, number>>;
  /** Epoch, step and time. */
  readonly sequence: MetricSequence;
}
