/**
 * How browsers treat what users have stored.
 *
 * @module
 */

/** Media types that browsers show without running anything. */
const SHOWN =
  /^(?:text\/(?:plain|csv)|application\/json|image\/(?:png|jpeg|gif|webp|avif|bmp)|(?:audio|video)\/[\w.+-]+)$/i;

/** Whatever is opened after all has no scripts, no origin, and loads nothing. */
const POLICY =
  "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'";

/**
 * The headers by which an object that a browser opens cannot act in this server's name.
 *
 * @param key The object's key.
 * @param contentType The media type that its sender named.
 * @returns The headers.
 */
export function objectHeaders(
  key: string,
  contentType: string,
): Record<string, string> {
  const type = contentType.split(";")[0]?.trim() ?? "";
  const disposition = SHOWN.test(type) ? "inline" : "attachment";
  const name = key.slice(key.lastIndexOf("/") + 1);
  return {
    "content-disposition": nameHeader(disposition, name),
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
  };
}

/**
 * A `Content-Disposition` with a name, for clients that know RFC 8187 and for others.
 *
 * @param disposition Whether a browser shows what is sent, or keeps it.
 * @param name The file's name.
 * @returns The header's value.
 */
export function nameHeader(
  disposition: "inline" | "attachment",
  name: string,
): string {
  const whole = name.toWellFormed();
  const plain = whole.replaceAll(/[^\x20-\x7e]|["\\%;]/gu, "_");
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${
    encode(whole)
  }`;
}

/** RFC 8187: `encodeURIComponent` leaves some that must be escaped here. */
function encode(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
