/**
 * Copies of objects, made without their bytes going to a client and back.
 *
 * @module
 */

import type { Access, ObjectPlace } from "./access.ts";
import type { AppContext } from "./app_context.ts";
import { MAX_PAGE_SIZE } from "./limits.ts";
import { checkObjectKey } from "./names.ts";
import { invalid, objectNotFound } from "./refusal.ts";
import type { ObjectAddress, ObjectRow } from "./store/objects.ts";
import { Turns } from "./turns.ts";

/** What to copy. */
export interface CopyOptions {
  /** What the user may see and change. */
  readonly access: Access;
  /** The path of an object; or the path or id of a node that holds some. */
  readonly from: string;
  /** The path of the new object; or the path or id of the node that is to have them too. */
  readonly to: string;
  /** Which objects of the node. Default: all. */
  readonly paths?: readonly string[] | undefined;
}

/** What was copied. */
export interface CopyResult {
  /** How many objects. */
  readonly copied: number;
  /** How long they are together. */
  readonly size_bytes: number;
}

/** From where to where one object goes. */
interface Step {
  readonly from: ObjectAddress;
  readonly to: ObjectAddress;
}

/**
 * Copies an object, or objects of a node, in place of those that are there. Each arrives whole or not at all; who reads
 * the target meanwhile sees some of them.
 *
 * @param context What the routes work with.
 * @param options What to copy.
 * @returns What was copied.
 * @throws {Refusal} If something is not there, or the user may not do that.
 */
export async function copyObjects(
  context: AppContext,
  options: CopyOptions,
): Promise<CopyResult> {
  let copied = 0;
  let size = 0;
  const turns = new Turns();
  for (const step of await plan(context, { ...options, turns })) {
    const object = await copyObject(context, options.access, step);
    await turns.pass();
    // Somebody deleted it meanwhile.
    if (object === undefined) continue;
    copied++;
    size += object.size;
  }
  return { copied, size_bytes: size };
}

/** Everything that there is to do; nothing is done before all of it is known to be there. */
async function plan(
  context: AppContext,
  { access, from, to, paths, turns }: CopyOptions & { readonly turns: Turns },
): Promise<Step[]> {
  const source = access.objects(from, "view");
  const target = access.objects(to, "edit");
  const isOne = source.key !== undefined;
  if (isOne !== (target.key !== undefined)) {
    throw invalid(
      'invalid copy: "from" and "to" must be two objects or two nodes',
    );
  }
  if (source.nodeId === target.nodeId && source.key === target.key) {
    throw invalid('invalid copy: "from" and "to" are the same');
  }
  const step = (key: string): Step => ({
    from: { nodeId: source.nodeId, key },
    to: { nodeId: target.nodeId, key: target.key ?? key },
  });
  if (!isOne && paths === undefined) {
    return (await keysOf(context, source, turns)).map(step);
  }
  const keys = isOne ? [source.key] : [...new Set(paths)];
  keys.forEach(checkObjectKey);
  for (const key of keys) {
    if (context.store.objects.get(step(key).from) === undefined) {
      throw objectNotFound(isOne ? from : key);
    }
    await turns.pass();
  }
  return keys.map(step);
}

async function keysOf(
  { store }: AppContext,
  { nodeId }: ObjectPlace,
  turns: Turns,
): Promise<string[]> {
  const keys: string[] = [];
  for (let page = 1;; page++) {
    const { rows } = store.objects.list(nodeId, { page, size: MAX_PAGE_SIZE });
    keys.push(...rows.map(({ key }) => key));
    if (rows.length < MAX_PAGE_SIZE) return keys;
    await turns.pass();
  }
}

async function copyObject(
  { store }: AppContext,
  access: Access,
  { from, to }: Step,
): Promise<ObjectRow | undefined> {
  // It takes a while until all are copied: rights may be taken away.
  access.node(from.nodeId, "view");
  access.node(to.nodeId, "edit");
  return await store.contents.shareObject(from, to);
}
