import { isNodeMissing } from "../../aistore/answers.ts";
import {
  AuthenticationError,
  EmError,
  PermissionError,
  RedirectError,
} from "../../errors.ts";
import type { PlacedNode } from "../types.ts";

/**
 * Tells whether the refusal of one object means that every other would be refused as well, for good: because of a missing
 * permission, because the address is of something else, or because the node is gone. A key that is refused may be good
 * again.
 *
 * @param error Why the object was refused.
 * @returns Whether it is of no use to go on.
 */
export function concernsAll(error: unknown): boolean {
  return error instanceof PermissionError ||
    error instanceof RedirectError || isNodeMissing(error);
}

/**
 * Tells whether a refusal may pass without a change to what was refused: the key may be good again, and the node may only
 * have been moved.
 *
 * @param error Why something was refused.
 * @returns Whether it is of use to try again later.
 */
export function mayPass(error: unknown): boolean {
  return error instanceof AuthenticationError || isNodeMissing(error);
}

/**
 * Says why a delivery has ended.
 *
 * @param error What a request threw.
 * @param node The node, once it is known.
 * @returns The error itself, or one that says that the node is gone.
 */
export function asRefusal(
  error: unknown,
  node: PlacedNode | undefined,
): EmError {
  if (node === undefined || !isNodeMissing(error)) return asEmError(error);
  return new EmError(
    "response",
    nodeGone(node.host, node.path),
    { cause: error },
  );
}

/**
 * Gives an error the form in which a report carries it.
 *
 * @param error Anything that was thrown.
 * @returns The error itself if it is one of this package's, otherwise one that has it as its cause.
 */
export function asEmError(error: unknown): EmError {
  if (error instanceof EmError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new EmError("response", `The upload failed: ${text}`, {
    cause: error,
  });
}

/**
 * Says that a node is gone.
 *
 * @param host The server's address.
 * @param path Where it was.
 * @returns The sentence.
 */
export function nodeGone(host: string, path: string): string {
  return `"${path}" is no longer on AIStore server "${host}": it was deleted or moved there, and is not made again unless somebody uploads it`;
}
