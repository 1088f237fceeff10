import { PermissionError } from "../../errors.ts";
import { isOsError } from "../../local/os_error.ts";
import type { Reporter } from "../../reporter.ts";
import type { PlacedNode } from "../types.ts";

/** Who is to be told of a node, and of what it is the node. */
export interface PlacedListener {
  /** The directory that is delivered. */
  readonly dir: string;
  /** Takes the warning when the note cannot be made. */
  readonly reporter: Reporter;
  /** Is told of the node, and notes it. Default: nobody. */
  readonly onPlaced?: ((node: PlacedNode) => void | Promise<void>) | undefined;
}

/**
 * Tells of a node. That it cannot be noted where the directory lies does not harm the delivery: what nobody may write can
 * be uploaded as well.
 *
 * @param listener Who is to be told.
 * @param node The node.
 * @throws {unknown} What the listener throws for another reason.
 */
export async function tellPlaced(
  listener: PlacedListener,
  node: PlacedNode,
): Promise<void> {
  try {
    await listener.onPlaced?.(node);
  } catch (error) {
    if (!isOsError(error) && !(error instanceof PermissionError)) throw error;
    warnNotNoted(listener, { node, error });
  }
}

/** What could not be noted, and why. */
export interface NotNoted {
  /** The node. */
  readonly node: PlacedNode;
  /** What was thrown. */
  readonly error: unknown;
}

/**
 * Warns that a node could not be noted.
 *
 * @param listener The directory, and who takes the warning.
 * @param failure What could not be noted, and why.
 */
export function warnNotNoted(
  { dir, reporter }: PlacedListener,
  { node, error }: NotNoted,
): void {
  reporter.warn(
    `placed ${dir}`,
    `Cannot note in "${dir}" that it is uploaded to "${node.path}": ${
      error instanceof Error ? error.message : error
    }`,
  );
}
