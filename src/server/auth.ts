/**
 * Who sends a request.
 *
 * @module
 */

import { API_KEY_PATTERN, ERROR_TEXTS } from "../aistore/protocol.ts";
import type { ClientInfo } from "./client_info.ts";
import { FailureLimiter } from "./failure_limiter.ts";
import { invalid, Refusal } from "./refusal.ts";
import { originOf } from "./same_origin.ts";
import { readSessionCookie } from "./session_cookie.ts";
import type { ApiKeyRow, ApiKeys } from "./store/api_keys.ts";
import { hashSecret } from "./store/secret_hash.ts";
import type { Sessions } from "./store/sessions.ts";

/** What an {@linkcode Authenticator} works with. */
export interface AuthenticatorOptions {
  /** The API keys. */
  readonly keys: ApiKeys;
  /** The sessions of browsers. */
  readonly sessions: Sessions;
  /** The clock. Default: the system's. */
  readonly now?: (() => Date) | undefined;
}

/** Who sends a request, and by what that is known. */
export interface Identity {
  /** The user's name. */
  readonly user: string;
  /** The hash of the API key, or of the one that the session was begun with. */
  readonly keyHash: string;
}

/** Finds out who sends requests: by an API key, or by the session of a browser that was begun with one. */
export class Authenticator {
  readonly #keys: ApiKeys;
  readonly #sessions: Sessions;
  readonly #failures: FailureLimiter;

  /** @param options What to work with. */
  constructor(options: AuthenticatorOptions) {
    this.#keys = options.keys;
    this.#sessions = options.sessions;
    this.#failures = new FailureLimiter(options.now ?? (() => new Date()));
  }

  /**
   * Finds the user of a request: by the query parameter `apikey`, else `Authorization: Bearer`, else the cookie of a
   * session. With a cookie, a request that may change something must come from a page of this server.
   *
   * @param request The request.
   * @param client Where it comes from.
   * @returns The user.
   * @throws {Refusal} If nobody is found; the texts are those that clients know.
   */
  authenticate(request: Request, client: ClientInfo): Identity {
    const apiKey = new URL(request.url).searchParams.get("apikey") ??
      bearer(request.headers);
    if (apiKey !== undefined) {
      const { user, hash } = this.key(apiKey, client);
      return { user, keyHash: hash };
    }
    const session = this.#sessions.find(readSessionCookie(request.headers));
    if (session === undefined) throw notLoggedIn();
    const mayChange = request.method !== "GET" && request.method !== "HEAD";
    if (mayChange && originOf(request.headers, client) !== "same") {
      throw otherOrigin();
    }
    this.#keys.noteUse(session.key);
    return { user: session.user, keyHash: session.key };
  }

  /**
   * Finds an API key.
   *
   * @param apiKey The key.
   * @param client Where it comes from.
   * @returns What is known of it.
   * @throws {Refusal} If nobody has it, its time is over, or too many unknown ones came from there.
   */
  key(apiKey: string, { address }: ClientInfo): ApiKeyRow {
    if (apiKey === "") {
      throw invalid(`${ERROR_TEXTS.keyEmpty}: apikey is empty`);
    }
    const hash = hashSecret(apiKey);
    const waitMs = this.#failures.waitMs(address, hash);
    if (waitMs > 0) throw tooManyFailures(waitMs);
    const key = this.#keys.byHash(hash);
    // Enough of it to tell which of several it was; of what is no key at all, nothing.
    const shown = API_KEY_PATTERN.test(apiKey) ? `${apiKey.slice(0, 8)}…` : "…";
    if (key === undefined) {
      this.#failures.failed(address);
      throw invalid(`${ERROR_TEXTS.keyUnknown} ${shown} not found\n`);
    }
    if (this.#keys.hasExpired(key)) {
      throw invalid(
        `${ERROR_TEXTS.keyUnknown} ${shown} has expired, it is not found\n`,
      );
    }
    this.#failures.succeeded(address, hash);
    this.#keys.noteUse(hash);
    return key;
  }

  /**
   * Whether what a user was known by still holds; for answers that go on for long.
   *
   * @param identity The user.
   * @returns Whether the key is neither revoked nor expired.
   */
  holds({ keyHash }: Identity): boolean {
    const key = this.#keys.byHash(keyHash);
    return key !== undefined && !this.#keys.hasExpired(key);
  }
}

/**
 * 403: a browser sent a request because a page of another site told it to, or cannot say that it was not so.
 *
 * @returns The refusal.
 */
export function otherOrigin(): Refusal {
  return new Refusal(
    403,
    "the request does not come from a page of this server: a browser's session changes nothing without a matching " +
      '"Origin" header, other programs send an API key',
  );
}

function bearer(headers: Headers): string | undefined {
  return headers.get("authorization")?.match(/^Bearer +(\S+)$/i)?.[1];
}

function notLoggedIn(): Refusal {
  return new Refusal(
    401,
    'not logged in: send an API key as the query parameter "apikey"',
    { "www-authenticate": "Bearer" },
  );
}

function tooManyFailures(waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new Refusal(
    429,
    `too many unknown API keys from this address: try again in ${seconds} s`,
    { "retry-after": String(seconds) },
  );
}
