/** A command failed, and the message says all there is to say. */
export class CliFailure extends Error {
  override name = "CliFailure";
}

/** The command line is wrong: exit code 2. */
export class UsageFailure extends CliFailure {
  override name = "UsageFailure";
}

/** The command ends with an exit code of its own, and has said what there is to say. */
export class ExitFailure extends CliFailure {
  override name = "ExitFailure";
  /** The exit code. */
  readonly code: number;

  /** @param code The exit code. */
  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}
