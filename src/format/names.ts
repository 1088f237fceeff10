/** What can have a name of its own. */
export type NamedKind = "Run" | "Artifact";

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9])?$/;

/**
 * Checks the name of a run or an artifact by the Python SDK's rule.
 *
 * @param kind What is to be created, for the message.
 * @param name The name.
 * @returns The name.
 * @throws {TypeError} If it is no string.
 * @throws {RangeError} If it breaks the rule.
 */
export function validateName(kind: NamedKind, name: unknown): string {
  if (typeof name !== "string") {
    throw new TypeError(
      `Cannot create ${kind}: its name must be a string, not ${
        name === null || name === undefined ? name : `a ${typeof name}`
      }`,
    );
  }
  if (!NAME.test(name)) {
    throw new RangeError(
      `Cannot create ${kind} ${
        JSON.stringify(name)
      }: a name may hold letters, digits, "-" and "_", ` +
        "start and end with a letter or digit, and be at most 40 long",
    );
  }
  return name;
}

/** What {@linkcode alternativeName} takes from outside. */
export interface AlternativeNameOptions {
  /** The time of creation; the name says it in local time. */
  readonly now: Date;
  /** Fills an array with random bytes, as `crypto.getRandomValues` does. */
  readonly random: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** Matches the end of a directory's name that makes the directory a run or an artifact. */
export const ALTERNATIVE_NAME_PATTERN: RegExp =
  /[0-9]{6}_[0-9]{6}_[a-z0-9]{6}$/;

const SUFFIX_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
const SUFFIX_LENGTH = 6;

/**
 * Makes the name of a new directory: `<name>_<yymmdd>_<HHMMSS>_<6 of a-z0-9>`.
 *
 * @param name The name of the run or artifact.
 * @param options Time and randomness.
 * @returns A name such as `mnist_torch_261123_082118_6fauz3`.
 */
export function alternativeName(
  name: string,
  options: AlternativeNameOptions,
): string {
  const { now } = options;
  const date = twoDigits([
    now.getFullYear(),
    now.getMonth() + 1,
    now.getDate(),
  ]);
  const time = twoDigits([now.getHours(), now.getMinutes(), now.getSeconds()]);
  return `${name}_${date}_${time}_${randomSuffix(options.random)}`;
}

function twoDigits(parts: readonly number[]): string {
  return parts.map((part) => String(part % 100).padStart(2, "0")).join("");
}

function randomSuffix(random: AlternativeNameOptions["random"]): string {
  // Bytes from the last, incomplete stretch of the alphabet are dropped, so that all characters are equally likely.
  const limit = 256 - 256 % SUFFIX_ALPHABET.length;
  const bytes = new Uint8Array(2 * SUFFIX_LENGTH);
  let suffix = "";
  while (suffix.length < SUFFIX_LENGTH) {
    random(bytes);
    for (const byte of bytes) {
      if (byte < limit && suffix.length < SUFFIX_LENGTH) {
        suffix += SUFFIX_ALPHABET.charAt(byte % SUFFIX_ALPHABET.length);
      }
    }
  }
  return suffix;
}

/**
 * Whether a directory of this name counts as a run or an artifact.
 *
 * @param dirName The directory's base name.
 * @returns Whether it ends as an alternative name does.
 */
export function isAlternativeName(dirName: string): boolean {
  return ALTERNATIVE_NAME_PATTERN.test(dirName);
}

export { foldMetricType } from "./metric_type.ts";
