/** A command failed, and the message says all there is to say. */
export class CliFailure extends Error {
  override name = "CliFailure";
}

/** The command line is wrong: exit code 2. */
export class UsageFailure extends CliFailure {
  override name = "UsageFailure";
}
