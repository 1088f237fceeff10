/** A certificate that signs itself, and its key. */
export interface Certificate {
  /** The certificate, in PEM. */
  readonly cert: string;
  /** The private key, in PEM. */
  readonly key: string;
}

/** Makes a certificate for `localhost` and 127.0.0.1, good for a day (X.509 v3, RFC 5280; ECDSA on P-256). */
export async function makeCertificate(): Promise<Certificate> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["sign", "verify"],
  );
  const spki = await crypto.subtle.exportKey("spki", publicKey);
  const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
  const commonName = sequence(
    der(0x31, sequence(oid(0x55, 4, 3), der(0x0c, ascii("em test")))),
  );
  const names = sequence(
    der(0x82, ascii("localhost")),
    der(0x87, Uint8Array.of(127, 0, 0, 1)),
  );
  const serial = crypto.getRandomValues(new Uint8Array(8));
  serial[0] = 1;
  const toSign = sequence(
    der(0xa0, der(0x02, Uint8Array.of(2))),
    der(0x02, serial),
    ecdsaWithSha256,
    commonName,
    sequence(time(-3_600_000), time(86_400_000)),
    commonName,
    new Uint8Array(spki),
    der(0xa3, sequence(sequence(oid(0x55, 0x1d, 0x11), der(0x04, names)))),
  );
  const signature = new Uint8Array(
    await crypto.subtle.sign(
      { name: "ECDSA", hash: "SHA-256" },
      privateKey,
      toSign,
    ),
  );
  const numbers = sequence(
    integer(signature.subarray(0, 32)),
    integer(signature.subarray(32)),
  );
  const bits = der(0x03, Uint8Array.of(0), numbers);
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", privateKey);
  return {
    cert: pem("CERTIFICATE", sequence(toSign, ecdsaWithSha256, bits)),
    key: pem("PRIVATE KEY", new Uint8Array(pkcs8)),
  };
}

function der(
  tag: number,
  ...parts: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = length < 0x80
    ? [tag, length]
    : length < 0x100
    ? [tag, 0x81, length]
    : [tag, 0x82, length >> 8, length & 0xff];
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const oid = (...bytes: number[]) => der(0x06, Uint8Array.from(bytes));
const ascii = (text: string) => new TextEncoder().encode(text);

function integer(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const rest = bytes.subarray(start);
  const sign = (rest[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array();
  return der(0x02, sign, rest);
}

/** A time from now on, as UTCTime. */
function time(offsetMs: number): Uint8Array {
  const digits = new Date(Date.now() + offsetMs).toISOString()
    .replaceAll(/[-:T]|\.\d+/g, "");
  return der(0x17, ascii(digits.slice(2)));
}

function pem(label: string, bytes: Uint8Array): string {
  const lines = bytes.toBase64().match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${
    lines.join("\n")
  }\n-----END ${label}-----\n`;
}
