import type { AIStoreNode } from "../aistore/protocol.ts";

/**
 * The unique name that clients keep with a node.
 *
 * @param node The node.
 * @returns The name; that of the node where there is none.
 */
export function alternativeNameIn({ name, extra }: AIStoreNode): string {
  try {
    const value: unknown = JSON.parse(extra);
    const isNamed = typeof value === "object" && value !== null &&
      "alternativeName" in value && typeof value.alternativeName === "string";
    return isNamed ? value.alternativeName as string : name;
  } catch (error) {
    if (error instanceof SyntaxError) return name;
    throw error;
  }
}
