import { ResponseError } from "../errors.ts";
import { AIStoreClient } from "./client.ts";
import { requireNetPermission } from "./host.ts";
import {
  resolveCredentials,
  type ResolveTargetOptions,
  setSession,
} from "./session.ts";

/** Options of {@linkcode login}. */
export interface LoginOptions extends ResolveTargetOptions {
  /** The server's address. Default: that of the configuration. */
  readonly host?: string | undefined;
  /** The API key. Default: that of the configuration, if it is for this host. */
  readonly apiKey?: string | undefined;
  /**
   * The time limit of every request, this login's own included, in milliseconds. A request with a body gets one second
   * more for every 10 KiB, for 1 MiB at most: when something longer is sent, the time begins anew with every piece.
   * Default 30 000.
   */
  readonly timeoutMs?: number;
  /** Ends the login. */
  readonly signal?: AbortSignal;
  /** Sends requests. Default the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** Who has logged in, and where. */
export interface LoginResult {
  /** The server's address. */
  readonly host: string;
  /** The user. */
  readonly user: string;
}

/**
 * Logs in to an AIStore server: checks address and API key, asks the server, and remembers both for this process.
 * What is not passed in comes from the configuration file, whose key is never sent to any other host than the file's.
 * When it fails, an earlier login stays as it was.
 *
 * @param options Server, key and time limit.
 * @returns The server and the user.
 * @throws {NotLoggedInError} If neither the options nor the configuration name a host and a key for it.
 * @throws {TypeError} If host or key have the wrong form.
 * @throws {AuthenticationError} If the server does not accept the key.
 * @throws {ConnectionError} If the server does not answer.
 * @throws {EmError} If the answer is not that of an AIStore server, or a permission is missing.
 *
 * @example
 * ```ts ignore
 * import { login } from "@t9k/em";
 *
 * const { user } = await login({
 *   host: "https://t9k.example.com/t9k/aistore/server",
 *   apiKey: Deno.env.get("T9K_API_KEY"),
 * });
 * console.log(`Logged in as ${user}`);
 * ```
 */
export async function login(options: LoginOptions = {}): Promise<LoginResult> {
  const { timeoutMs, signal } = options;
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw new RangeError(
      `Cannot log in with timeoutMs ${timeoutMs}: it must be more than 0`,
    );
  }
  const { host, apiKey } = await resolveCredentials(options);
  requireNetPermission(host);
  const client = new AIStoreClient({
    host,
    apiKey,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
  const user = await ask(client, signal);
  setSession({ host, apiKey, user, timeoutMs });
  return { host, user };
}

async function ask(
  client: AIStoreClient,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    const { preferred_username: user } = await client.userInfo({ signal });
    await client.probe(user, { signal });
    return user;
  } catch (error) {
    if (error instanceof ResponseError && error.status === 404) {
      const hint =
        `the host must be the AIStore server's own address, such as ` +
        `"https://t9k.example.com/t9k/aistore/server"`;
      const said = error.body === "" ? hint : `${error.body}; ${hint}`;
      throw new ResponseError(error.host, "the login", 404, said);
    }
    throw error;
  }
}
