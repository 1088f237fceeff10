/**
 * Checks of what a caller passes in, with one wording for all.
 *
 * @module
 */

/**
 * Refuses an option that does not exist, which is most often a misspelt one.
 *
 * @param options What was passed in.
 * @param known The names of the options.
 * @param action What the call is to do, such as `create Run`.
 * @throws {TypeError} If there is no such option.
 */
export function requireKnown(
  options: object,
  known: ReadonlySet<string>,
  action: string,
): void {
  const unknown = Object.keys(options).find((key) => !known.has(key));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot ${action}: there is no option "${unknown}"; known are ${
        [...known].join(", ")
      }`,
    );
  }
}

/** Refuses labels that are not strings in an array, and copies the others. */
export function checkLabels(labels: unknown): readonly string[] {
  if (
    !Array.isArray(labels) || labels.some((label) => typeof label !== "string")
  ) {
    throw new TypeError(
      `Option labels must be an array of strings, such as ["CNN"], and is ${
        Deno.inspect(labels)
      }`,
    );
  }
  return [...labels];
}

/** Refuses an option that is no string. */
export function requireString(value: unknown, option: string): string {
  if (typeof value === "string") return value;
  throw new TypeError(
    `Option ${option} must be a string, and is ${Deno.inspect(value)}`,
  );
}

/** Refuses an option that is no boolean. */
export function requireBoolean(value: unknown, option: string): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(
    `Option ${option} must be a boolean, and is ${Deno.inspect(value)}`,
  );
}

/** Refuses arguments that are no object of options. */
export function requireObject(options: unknown, caller: string): void {
  if (
    typeof options !== "object" || options === null || Array.isArray(options)
  ) {
    throw new TypeError(
      `${caller}() takes an object of options, and was given ${
        Deno.inspect(options)
      }`,
    );
  }
}
