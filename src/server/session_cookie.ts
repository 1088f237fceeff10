/**
 * The cookie that keeps a browser signed in.
 *
 * @module
 */

/** What a {@linkcode sessionCookie} is made of. */
export interface SessionCookieOptions {
  /** The path below which it is sent. */
  readonly path: string;
  /** Whether it is sent over TLS only. */
  readonly secure: boolean;
  /** How long the browser keeps it; 0 takes it away. */
  readonly maxAgeMs: number;
}

const NAME = "em_session";

/**
 * The secret of the session that a request is sent in.
 *
 * @param headers The request's headers.
 * @returns The secret; empty if there is none.
 */
export function readSessionCookie(headers: Headers): string {
  for (const pair of headers.get("cookie")?.split(";") ?? []) {
    const [name, value = ""] = pair.trim().split("=", 2);
    if (name === NAME) return value;
  }
  return "";
}

/**
 * Makes a cookie: out of reach for scripts, and not sent where a page of another site leads here.
 *
 * @param secret The secret of the session.
 * @param options Where and how long.
 * @returns The value of `Set-Cookie`.
 */
export function sessionCookie(
  secret: string,
  { path, secure, maxAgeMs }: SessionCookieOptions,
): string {
  const seconds = Math.max(0, Math.floor(maxAgeMs / 1000));
  return `${NAME}=${secret}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${
    secure ? "; Secure" : ""
  }`;
}
