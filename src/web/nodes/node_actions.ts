/**
 * What is done with nodes.
 *
 * @module
 */

import { ApiError } from "../api/request.ts";
import { deleteNode, getNode, restoreNode, updateNode } from "../api/nodes.ts";
import type { Node } from "../api/types.ts";
import { current, treeChanged } from "../state/current.ts";
import { pick } from "../state/picked.ts";
import { go, nodeHref } from "../state/route.ts";
import { rootPath } from "../state/session.ts";
import { toast, toastError } from "../state/toasts.ts";
import { ACTIONS } from "../text/actions.ts";
import { COMMON } from "../text/common.ts";
import { isAtOrBelow, parentPath } from "./allowed.ts";

/** What a refusal says, in words. */
export function refusalText(error: unknown): string {
  if (error instanceof ApiError && error.status === 403) {
    return ACTIONS.refused();
  }
  return error instanceof Error ? error.message : String(error);
}

/** Does something; a refusal is said in words. */
export async function inWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(refusalText(error));
  }
}

/**
 * Does something with several nodes, one after the other.
 *
 * @param nodes The nodes.
 * @param work Does it with one.
 * @returns Those with which it was done.
 * @throws {Error} If it was refused: says with which, and with how many it was done.
 */
export async function withEach(
  nodes: readonly Node[],
  work: (node: Node) => Promise<unknown>,
): Promise<readonly Node[]> {
  const done: Node[] = [];
  let refusal: { readonly node: Node; readonly error: unknown } | undefined;
  for (const node of nodes) {
    try {
      await work(node);
      done.push(node);
    } catch (error) {
      refusal ??= { node, error };
    }
  }
  treeChanged();
  if (refusal === undefined) return done;
  const problem = refusalText(refusal.error);
  throw new Error(
    nodes.length === 1 ? problem : ACTIONS.someFailed({
      done: done.length,
      n: nodes.length,
      name: refusal.node.name,
      problem,
    }),
  );
}

/** Moves nodes into a folder, and offers to take that back. */
export async function moveNodes(
  nodes: readonly Node[],
  folder: Node,
): Promise<void> {
  const moved: Node[] = [];
  try {
    await withEach(nodes, async (node) => {
      await updateNode(node.id, { parent: folder.id });
      moved.push(node);
    });
  } finally {
    if (moved.length > 0) {
      toast("done", ACTIONS.moved({ folder: folder.name }), {
        label: COMMON.undo(),
        run: () => void moveBack(moved),
      });
    }
  }
}

/** Moves nodes back to where they were. */
async function moveBack(nodes: readonly Node[]): Promise<void> {
  try {
    // The last first: a folder that one was in may have moved after it.
    await withEach(
      nodes.toReversed(),
      ({ id, path }) => updateNode(id, { parent: parentPath(path) ?? "" }),
    );
    toast("done", ACTIONS.movedBack());
  } catch (error) {
    toastError(error);
  }
}

/** Moves nodes into the trash, and offers to take that back. */
export async function deleteNodes(nodes: readonly Node[]): Promise<void> {
  const shown = current.peek();
  const deleted: Node[] = [];
  try {
    await withEach(nodes, async (node) => {
      await deleteNode(node.id);
      deleted.push(node);
    });
  } catch (error) {
    toastError(error);
  }
  const [first] = deleted;
  if (first === undefined) return;
  pick(deleted, false);
  const gone = deleted.find(({ path }) =>
    shown !== undefined && isAtOrBelow(shown.path, path)
  );
  if (gone) await leave(gone);
  // The trash is its owner's: nobody else can take something out of it.
  const own = deleted.filter(({ path }) => isAtOrBelow(path, rootPath()));
  toast(
    "done",
    deleted.length === 1
      ? ACTIONS.deleted({ name: first.name })
      : ACTIONS.deletedMany({ n: deleted.length }),
    own.length === 0
      ? undefined
      : { label: COMMON.undo(), run: () => void restoreNodes(own) },
  );
}

/** Takes nodes out of the trash again. */
export async function restoreNodes(
  nodes: readonly { readonly id: string; readonly name: string }[],
): Promise<void> {
  let elsewhere: string | undefined;
  try {
    for (const { id } of nodes) {
      const { isInPlace, name } = await restoreNode(id);
      if (!isInPlace) elsewhere = name;
    }
    const [first] = nodes;
    toast(
      "done",
      elsewhere !== undefined
        ? ACTIONS.restoredElsewhere({ name: elsewhere })
        : nodes.length === 1
        ? ACTIONS.restored({ name: first?.name })
        : ACTIONS.restoredMany({ n: nodes.length }),
    );
  } catch (error) {
    toastError(error);
  }
  treeChanged();
}

/** Goes from what is deleted to the folder that it was in. */
async function leave({ path }: Node): Promise<void> {
  try {
    const { id } = await getNode(parentPath(path) ?? rootPath());
    go(nodeHref(id));
  } catch {
    // A folder that one may not look at.
    go("#/");
  }
}
