import { EmError } from "./em_error.ts";

/** A file that this package or the Python SDK wrote can no longer be read. */
export class DamagedFileError extends EmError {
  /** The name of the class. */
  override name = "DamagedFileError";
  /** The file. */
  readonly path: string;
  /** The line that cannot be read, counted from 1, where it is known. */
  readonly line: number | undefined;

  /**
   * Writes the sentence.
   *
   * @param path The file.
   * @param problem What is wrong.
   * @param options The line, and the standard error options.
   */
  constructor(
    path: string,
    problem: string,
    options: ErrorOptions & { readonly line?: number } = {},
  ) {
    super(
      "damaged",
      `Cannot read "${path}"${
        options.line === undefined ? "" : `, line ${options.line}`
      }: ${problem}`,
      options,
    );
    this.path = path;
    this.line = options.line;
  }
}

/** A path names no run or artifact. */
export class NotFoundError extends EmError {
  /** The name of the class. */
  override name = "NotFoundError";
  /** The path. */
  readonly path: string;

  /**
   * Writes the sentence.
   *
   * @param path The path.
   * @param wanted What was looked for, such as `Run directory`.
   * @param options The standard error options.
   */
  constructor(path: string, wanted: string, options?: ErrorOptions) {
    super("not-found", `"${path}" is not a ${wanted}`, options);
    this.path = path;
  }
}

/** A run directory is being written by another process, or by another object of this one. */
export class InUseError extends EmError {
  /** The name of the class. */
  override name = "InUseError";
  /** The directory. */
  readonly path: string;

  /**
   * Writes the sentence.
   *
   * @param path The directory.
   * @param owner Who writes it, such as `process 4711 on "worker-0"`.
   * @param options The standard error options.
   */
  constructor(path: string, owner: string, options?: ErrorOptions) {
    super(
      "in-use",
      `Run directory "${path}" is being written by ${owner}: finish the run there, or end that process, first`,
      options,
    );
    this.path = path;
  }
}

/** A node cannot be downloaded as it is: the server describes it wrongly, or something local is in the way. */
export class DownloadError extends EmError {
  /** The name of the class. */
  override name = "DownloadError";
  /** The node's path on the server. */
  readonly path: string;
  /** The key of the object to blame, where there is one. */
  readonly object: string | undefined;

  /**
   * Writes the sentence.
   *
   * @param path The node's path on the server.
   * @param problem What is wrong and what to do, as the second half of a sentence.
   * @param options The object to blame, and the standard error options.
   */
  constructor(
    path: string,
    problem: string,
    options: ErrorOptions & { readonly object?: string } = {},
  ) {
    const object = options.object === undefined
      ? ""
      : ` object ${JSON.stringify(options.object)} of`;
    super(
      "download",
      `Cannot download${object} "${path}": ${problem}`,
      options,
    );
    this.path = path;
    this.object = options.object;
  }
}

/** A command cannot be started. */
export class CommandError extends EmError {
  /** The name of the class. */
  override name = "CommandError";
  /** The program. */
  readonly program: string;
  /** Whether there is no such program. */
  readonly isMissing: boolean;

  /**
   * Writes the sentence.
   *
   * @param program The program.
   * @param options The error of the system as `cause`, and the directory that the command was to run in.
   */
  constructor(
    program: string,
    { cause, cwd }: ErrorOptions & { readonly cwd?: string | undefined },
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isCwd = cwd !== undefined && /\bcwd\b/i.test(reason);
    const isMissing = cause instanceof Deno.errors.NotFound && !isCwd;
    super(
      "command",
      `Cannot run "${program}": ${
        isCwd
          ? `there is no directory "${cwd}"`
          : isMissing
          ? "there is no such program"
          : reason
      }`,
      { cause },
    );
    this.program = program;
    this.isMissing = isMissing;
  }
}
