import { FolderNotFoundError } from "../errors.ts";

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

/**
 * What an error says to somebody at a shell: options where scripts are told of members.
 *
 * @param error The error.
 * @returns The sentence.
 */
export function shellMessage(error: Error): string {
  return error instanceof FolderNotFoundError
    ? `Folder "${error.folder}" does not exist on the server: add --make-folder, or name a folder that exists`
    : error.message;
}
