import { isSameHost } from "../config/same_host.ts";
import { loadT9kConfig } from "../config/t9k_config.ts";
import { NotLoggedInError } from "../errors.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import { checkApiKey, normalizeHost } from "./host.ts";

/** Who is logged in to which server. */
export interface Session {
  /** The server's address, without a trailing slash. */
  readonly host: string;
  /** The API key. */
  readonly apiKey: string;
  /** The key's user. */
  readonly user: string;
  /** The time limit of a request, in milliseconds; undefined for the default. */
  readonly timeoutMs: number | undefined;
}

/** Where to deliver to, and with which key. */
export interface ResolvedTarget {
  /** The server's address, without a trailing slash. */
  readonly host: string;
  /** The API key. */
  readonly apiKey: string;
  /** The time limit of a request, in milliseconds; absent for the default. */
  readonly timeoutMs?: number;
  /** The key's user, where somebody has logged in. */
  readonly user?: string;
}

/** Where {@linkcode resolveTarget} looks. */
export interface ResolveTargetOptions {
  /** The server's address. Default: that of the session, then of the configuration. */
  readonly host?: string | undefined;
  /** The API key. Default: that of the session, then of the configuration, if that is for this host. */
  readonly apiKey?: string | undefined;
  /** The configuration file. Default: as `T9K_CONFIG` says, else `~/.t9k/t9k-config.yaml`. */
  readonly configPath?: string;
  /** Reads an environment variable. Default: the real environment, as far as the permissions go. */
  readonly env?: (name: string) => string | undefined;
}

let current: Session | undefined;

/**
 * The session of this process.
 *
 * @returns The session, or undefined if nobody is logged in.
 */
export function currentSession(): Session | undefined {
  return current;
}

/**
 * Makes a session that of this process.
 *
 * @param session The session.
 */
export function setSession(session: Session): void {
  current = session;
}

/**
 * Forgets who is logged in. Nothing is sent; runs that are being delivered go on.
 *
 * @param reporter Takes the warning when nobody is logged in.
 */
export function logout(reporter: Reporter = stderrReporter): void {
  if (current === undefined) {
    reporter.warn("logout", "Nobody is logged in to an AIStore server");
  }
  current = undefined;
}

/**
 * Finds out where to deliver to without asking the server: what is passed in, else the session, else the configuration.
 * A key that is not passed in is only ever used for the host that it belongs to.
 *
 * @param options What is known already.
 * @returns The server and the key.
 * @throws {NotLoggedInError} If host or key is nowhere.
 * @throws {TypeError} If host or key have the wrong form.
 */
export async function resolveTarget(
  options: ResolveTargetOptions = {},
): Promise<ResolvedTarget> {
  const session = current;
  if (session === undefined) return await resolveCredentials(options);
  const { host = session.host, apiKey = session.apiKey } = options;
  if (!isSameHost(normalizeHost(host), session.host)) {
    return await resolveCredentials(options);
  }
  const { timeoutMs, user } = session;
  return {
    host: session.host,
    apiKey: checkApiKey(apiKey),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(apiKey === session.apiKey ? { user } : {}),
  };
}

/**
 * Completes host and API key from the configuration. The configuration's keys are only ever used for their own hosts.
 *
 * @param options What is known already.
 * @returns Both, checked.
 * @throws {NotLoggedInError} If host or key is nowhere.
 * @throws {TypeError} If host or key have the wrong form.
 */
export async function resolveCredentials(
  options: ResolveTargetOptions,
): Promise<{ readonly host: string; readonly apiKey: string }> {
  let { host, apiKey } = options;
  if (host !== undefined) host = normalizeHost(host);
  if (host === undefined || apiKey === undefined) {
    const { configPath: path, env } = options;
    const config = await loadT9kConfig({
      ...(env === undefined ? {} : { env }),
      ...(path === undefined ? {} : { path }),
      ...(host === undefined ? {} : { host }),
    });
    const looked = { configPath: config.path, flags: config.missing };
    host ??= config.host;
    if (host === undefined) throw new NotLoggedInError("host", looked);
    host = normalizeHost(host);
    if (isSameHost(host, config.host)) apiKey ??= config.apiKey;
    if (apiKey === undefined) {
      throw new NotLoggedInError("API key", { ...looked, host });
    }
  }
  return { host, apiKey: checkApiKey(apiKey) };
}
