const ALIASES: ReadonlyMap<string, string> = new Map([
  ["training", "train"],
  ["validate", "val"],
  ["validation", "val"],
  ["testing", "test"],
  ["eval", "test"],
  ["evaluate", "test"],
  ["evaluation", "test"],
]);

/** How long a metric type may be, in characters. */
const MAX_CHARS = 128;
/** How long a metric type may be in UTF-8, so that its file name stays within 255 bytes. */
const MAX_BYTES = 250;

// deno-lint-ignore no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[\x00-\x1f\x7f/\\<>:"|?*]/;
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

const encoder = new TextEncoder();

/**
 * Folds the aliases of the metric types that the console knows to `train`, `val` and `test`, and checks that a type can be
 * the name of a file on every platform.
 *
 * @param type The metric type as the caller gave it.
 * @returns The type whose file the metrics belong in; case is kept.
 * @throws {TypeError} If it is no string.
 * @throws {RangeError} If it is no safe file name of at most 128 characters.
 */
export function foldMetricType(type: unknown): string {
  if (typeof type !== "string") {
    throw new TypeError(
      `A metric type must be a string such as "train", not ${
        type === null || type === undefined ? type : `a ${typeof type}`
      }`,
    );
  }
  const folded = ALIASES.get(type) ?? type;
  const rule = brokenRule(folded);
  if (rule !== undefined) {
    throw new RangeError(
      `Metric type ${JSON.stringify(type)} cannot name a file: it ${rule}`,
    );
  }
  return folded;
}

function brokenRule(type: string): string | undefined {
  if (type === "") return "must not be empty";
  if (FORBIDDEN.test(type)) {
    return `must not hold control characters or any of / \\ < > : " | ? *`;
  }
  if (/^[\s.]|[\s.]$/.test(type)) {
    return "must not begin or end with a space or a dot";
  }
  if (DEVICE.test(type)) return "must not be the name of a device on Windows";
  if (!type.isWellFormed()) return "must be well-formed Unicode";
  if ([...type].length > MAX_CHARS) {
    return `must be at most ${MAX_CHARS} characters long`;
  }
  if (encoder.encode(type).length > MAX_BYTES) {
    return `must be at most ${MAX_BYTES} bytes long in UTF-8`;
  }
  return undefined;
}
