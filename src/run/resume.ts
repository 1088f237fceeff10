/**
 * Which run is to go on; see {@linkcode CreateRunOptions.resume}: `false` for none, `"auto"`, `"must"`, or a run's directory,
 * unique name, or path on the server.
 */
export type Resume = false | string;

/**
 * Checks which run is to go on, and fills in the default.
 *
 * @param resume What the user passed in.
 * @returns Which.
 * @throws {TypeError} If it is neither false nor a text.
 * @throws {RangeError} If it is empty.
 */
export function checkResume(resume: unknown = false): Resume {
  if (resume !== false && typeof resume !== "string") {
    throw new TypeError(
      `Option resume must be false, "auto", "must", or the directory, unique name or path of a run, and is ${
        Deno.inspect(resume)
      }`,
    );
  }
  if (resume === "") {
    throw new RangeError(
      'Option resume must not be empty: pass "auto", "must", or the directory, unique name or path of a run',
    );
  }
  return resume;
}
