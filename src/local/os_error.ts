/**
 * Tells whether the operating system, or a missing permission, is why something failed, rather than a fault of this
 * package.
 *
 * @param error What was thrown.
 * @returns Whether it is one of `Deno.errors`, or has an error number such as `EMFILE`, for which there is no class.
 */
export function isOsError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.constructor.name in Deno.errors) return true;
  return "code" in error && typeof error.code === "string" &&
    /^E[A-Z0-9]+$/.test(error.code);
}

/**
 * Tells whether an error of the operating system says that there is no such file, and none beside which it could be.
 *
 * @param error What was thrown.
 * @returns Whether it does.
 */
export function isNoSuchFile(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
}
