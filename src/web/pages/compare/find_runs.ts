/**
 * Finding runs to compare.
 *
 * @module
 */

import { listRows } from "../../api/em.ts";
import { getNode, listShared } from "../../api/nodes.ts";
import { ApiError } from "../../api/request.ts";
import type { Node } from "../../api/types.ts";
import { rootPath } from "../../state/session.ts";

/** Where to look. */
export type Where = "mine" | "shared" | "public";

/** Runs that were found. */
export interface FoundRuns {
  readonly runs: readonly Node[];
  /** How many there are in all. */
  readonly total: number;
}

const MOST = 100;
/** Of what others share, so many folders are looked through. */
const MOST_FOLDERS = 20;

/**
 * Finds runs, those that began last first.
 *
 * @param where Where to look.
 * @param text What their name, labels or hyperparameters have, or a path that begins with `/`: a run, or a folder of runs.
 * @param signal Ends the wait.
 * @returns The runs.
 */
export async function findRuns(
  where: Where,
  text: string,
  signal: AbortSignal,
): Promise<FoundRuns> {
  const wanted = text.trim();
  if (wanted.startsWith("/")) return await findAt(wanted, signal);
  if (where === "mine") return await findBelow(rootPath(), wanted, signal);
  const { data } = await listShared(where, { size: 1000 }, signal);
  const nodes = data ?? [];
  const lower = wanted.toLowerCase();
  const single = nodes.filter(({ type, name }) =>
    type === "Run" && name.toLowerCase().includes(lower)
  );
  const folders = nodes.filter(({ type }) => type === "Folder");
  const found = await Promise.all(
    folders.slice(0, MOST_FOLDERS).map(({ id }) =>
      findBelow(id, wanted, signal)
    ),
  );
  const runs = [...single, ...found.flatMap((each) => each.runs)];
  const total = found.reduce((sum, each) => sum + each.total, single.length);
  return { runs: runs.slice(0, MOST), total };
}

/** The run at a path; those below the folder there; or those whose path goes on as it was typed. */
async function findAt(path: string, signal: AbortSignal): Promise<FoundRuns> {
  const whole = path.replace(/\/+$/, "");
  const node = await lookUp(whole, signal);
  if (node?.type === "Folder") return await findBelow(node.id, "", signal);
  if (node !== undefined) {
    return node.type === "Run"
      ? { runs: [node], total: 1 }
      : { runs: [], total: 0 };
  }
  const cut = whole.lastIndexOf("/");
  const parent = cut > 0
    ? await lookUp(whole.slice(0, cut), signal)
    : undefined;
  return parent?.type === "Folder"
    ? await findBelow(parent.id, whole.slice(cut + 1), signal)
    : { runs: [], total: 0 };
}

async function lookUp(
  path: string,
  signal: AbortSignal,
): Promise<Node | undefined> {
  if (path === "") return undefined;
  try {
    return await getNode(path, signal);
  } catch (error) {
    if (error instanceof ApiError && [400, 403, 404].includes(error.status)) {
      return undefined;
    }
    throw error;
  }
}

async function findBelow(
  folder: string,
  search: string,
  signal: AbortSignal,
): Promise<FoundRuns> {
  const { data, pagination } = await listRows({
    folder,
    recursive: true,
    type: ["Run"],
    search,
    sort: "started",
    order: "desc",
    size: MOST,
  }, signal);
  return { runs: data.map(({ node }) => node), total: pagination.total };
}
