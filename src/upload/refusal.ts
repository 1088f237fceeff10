import { ERROR_TEXTS } from "../aistore/protocol.ts";
import {
  AuthenticationError,
  EmError,
  PermissionError,
  RedirectError,
  ResponseError,
} from "../errors.ts";
import type { PlacedNode } from "./types.ts";

/**
 * Tells whether the refusal of one object means that every other would be refused as well: because of the key, of a
 * missing permission, because the address is of something else, or because the node is gone.
 *
 * @param error Why the object was refused.
 * @returns Whether it is of no use to go on.
 */
export function concernsAll(error: unknown): boolean {
  return error instanceof AuthenticationError ||
    error instanceof PermissionError ||
    error instanceof RedirectError || isNodeGone(error);
}

function isNodeGone(error: unknown): boolean {
  return error instanceof ResponseError && error.status === 404 &&
    error.body.includes(ERROR_TEXTS.nodeNotFound);
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
  if (node === undefined || !isNodeGone(error)) return asEmError(error);
  return new EmError(
    "response",
    `"${node.path}" is no longer on AIStore server "${node.host}": it was deleted or moved there`,
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
