/**
 * Reads the alternative name out of what a node carries for its clients.
 *
 * @param extra The node's `extra` as the server sent it, which may be anything.
 * @returns The name, not checked any further; undefined if there is none.
 */
export function alternativeNameOf(extra: unknown): string | undefined {
  if (typeof extra !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(extra);
    const isNamed = typeof parsed === "object" && parsed !== null &&
      "alternativeName" in parsed;
    const name = isNamed ? parsed.alternativeName : undefined;
    return typeof name === "string" ? name : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
