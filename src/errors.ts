/**
 * Every error that a caller may want to catch.
 *
 * Misuse (a wrong type, a value out of range) is a plain `TypeError` or `RangeError`; everything the
 * outside world can do wrong is a subclass of {@linkcode EmError} with a stable `code` and data fields.
 *
 * @module
 */

import { EmError } from "./errors/em_error.ts";

export * from "./errors/em_error.ts";
export * from "./errors/data_errors.ts";

/** A configuration file cannot be used: it is missing, unreadable, or holds a wrong key or value. */
export class ConfigError extends EmError {
  /** The name of the class. */
  override name = "ConfigError";
  /** The file. */
  readonly path: string;
  /** The key in the file, where one is to blame. */
  readonly key: string | undefined;

  /**
   * Writes the sentence.
   *
   * @param path The file.
   * @param problem What is wrong and what to do, as the second half of a sentence.
   * @param options The key to blame, and the standard error options.
   */
  constructor(
    path: string,
    problem: string,
    options: ErrorOptions & { readonly key?: string } = {},
  ) {
    super("config", `Cannot use config file "${path}": ${problem}`, options);
    this.path = path;
    this.key = options.key;
  }
}

/** Something needs a Deno permission that was not granted. */
export class PermissionError extends EmError {
  /** The name of the class. */
  override name = "PermissionError";
  /** The flag that grants it, such as `--allow-write=.em`. */
  readonly flag: string;

  /**
   * Writes the sentence.
   *
   * @param action What was to be done, such as `write "/data/.em"`.
   * @param flag The flag that grants it.
   * @param options The standard error options.
   */
  constructor(action: string, flag: string, options?: ErrorOptions) {
    super("permission", `Cannot ${action}: run again with ${flag}`, options);
    this.flag = flag;
  }
}

/** An operation needs a server and nobody has logged in, and no configuration names one. */
export class NotLoggedInError extends EmError {
  /** The name of the class. */
  override name = "NotLoggedInError";
  /** What is not known. */
  readonly missing: "host" | "API key";
  /** The configuration file that was looked at, if any. */
  readonly configPath: string | undefined;
  /** The flags of the permissions without which the configuration could not be read whole; often empty. */
  readonly flags: readonly string[];

  /**
   * Writes the sentence.
   *
   * @param missing What is not known.
   * @param options The configuration file that was looked at, the flags of the permissions that were missing for it,
   * the server for which a key is wanted, and the standard error options.
   */
  constructor(
    missing: "host" | "API key",
    options: ErrorOptions & {
      readonly configPath?: string;
      readonly flags?: readonly string[];
      readonly host?: string;
    } = {},
  ) {
    const { configPath, flags = [], host } = options;
    const mayRead = flags.length === 0;
    const wanted = host === undefined ? "this host" : `"${host}"`;
    const none = missing === "host" ? "names none" : `holds none for ${wanted}`;
    const looked = configPath === undefined
      ? ""
      : ` config file "${configPath}" ${none}${
        mayRead ? "" : " as far as it may be read"
      };`;
    const again = mayRead ? "" : `run again with ${flags.join(" ")}, `;
    super(
      "not-logged-in",
      `No AIStore ${missing} is known:${looked} ${again}call login({ host, apiKey }), ` +
        `or run "em login --host ${host ?? "URL"} --api-key KEY" once`,
      options,
    );
    this.missing = missing;
    this.configPath = configPath;
    this.flags = flags;
  }
}

/** The server does not accept the API key, or the key's user may not do this. */
export class AuthenticationError extends EmError {
  /** The name of the class. */
  override name = "AuthenticationError";
  /** The server's address. */
  readonly host: string;
  /** Whether the key was denied this one request (HTTP 403): for others it may be good. */
  readonly isDenial: boolean;

  /**
   * Writes the sentence.
   *
   * @param host The server's address.
   * @param problem What the server said of the key; never the key itself.
   * @param options The standard error options, and whether the key was denied this one request. Default: it was refused.
   */
  constructor(
    host: string,
    problem: string,
    options: ErrorOptions & { readonly isDenial?: boolean } = {},
  ) {
    const { isDenial = false, ...standard } = options;
    super(
      "authentication",
      `AIStore server "${host}" refused the API key: ${problem}`,
      standard,
    );
    this.host = host;
    this.isDenial = isDenial;
  }
}

/** The server could not be reached, did not answer in time, or broke off. */
export class ConnectionError extends EmError {
  /** The name of the class. */
  override name = "ConnectionError";
  /** The server's address. */
  readonly host: string;

  /**
   * Writes the sentence.
   *
   * @param host The server's address.
   * @param problem What happened.
   * @param options The standard error options.
   */
  constructor(host: string, problem: string, options?: ErrorOptions) {
    super(
      "connection",
      `No answer from AIStore server "${host}": ${problem}`,
      options,
    );
    this.host = host;
  }
}

/** The server answered with a redirect, which AIStore never does: the address is of something else. */
export class RedirectError extends EmError {
  /** The name of the class. */
  override name = "RedirectError";
  /** The server's address. */
  readonly host: string;
  /** The HTTP status, 300 to 399. */
  readonly status: number;

  /**
   * Writes the sentence.
   *
   * @param host The server's address.
   * @param status The HTTP status.
   * @param location Where the answer points to, without its query.
   * @param options The standard error options.
   */
  constructor(
    host: string,
    status: number,
    location: string,
    options?: ErrorOptions,
  ) {
    super(
      "redirect",
      `"${host}" answered ${status} and points to "${location}" (often a login page): ` +
        `the host must be the AIStore server's own address, such as "https://t9k.example.com/t9k/aistore/server"`,
      options,
    );
    this.host = host;
    this.status = status;
  }
}

/** The server answered with an error status that has no class of its own. */
export class ResponseError extends EmError {
  /** The name of the class. */
  override name = "ResponseError";
  /** The server's address. */
  readonly host: string;
  /** The HTTP status. */
  readonly status: number;
  /** What the server said, at most 500 characters. */
  readonly body: string;

  /**
   * Writes the sentence.
   *
   * @param host The server's address.
   * @param request Method and path, without the query.
   * @param status The HTTP status.
   * @param body What the server said.
   * @param options The standard error options.
   */
  constructor(
    host: string,
    request: string,
    status: number,
    body: string,
    options?: ErrorOptions,
  ) {
    const said = body.slice(0, 500).trim();
    super(
      "response",
      `AIStore server "${host}" answered ${status} to ${request}${
        said ? `: ${said}` : ""
      }`,
      options,
    );
    this.host = host;
    this.status = status;
    this.body = said;
  }
}

/** A folder to upload to does not exist on the server. */
export class FolderNotFoundError extends EmError {
  /** The name of the class. */
  override name = "FolderNotFoundError";
  /** The folder's path on the server. */
  readonly folder: string;

  /**
   * Writes the sentence.
   *
   * @param folder The folder's path on the server.
   * @param options The standard error options.
   */
  constructor(folder: string, options?: ErrorOptions) {
    super(
      "folder-not-found",
      `Folder "${folder}" does not exist on the server: pass makeFolder: true, or name a folder that exists`,
      options,
    );
    this.folder = folder;
  }
}

/** A node of that name is already there, and the conflict strategy does not allow to go on. */
export class NodeExistsError extends EmError {
  /** The name of the class. */
  override name = "NodeExistsError";
  /** The path of the node that is in the way. */
  readonly path: string;
  /** Its type, such as `Run` or `Folder`. */
  readonly type: string;

  /**
   * Writes the sentence.
   *
   * @param path The path of the node that is in the way.
   * @param type Its type.
   * @param advice What to do.
   * @param options The standard error options.
   */
  constructor(
    path: string,
    type: string,
    advice: string,
    options?: ErrorOptions,
  ) {
    super(
      "node-exists",
      `${type} "${path}" already exists on the server: ${advice}`,
      options,
    );
    this.path = path;
    this.type = type;
  }
}
