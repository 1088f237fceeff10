import { basename } from "@std/path";
import type { AIStoreClient } from "../aistore/client.ts";
import { fingerprint } from "../local/fingerprint.ts";
import { EmError } from "../errors.ts";
import type { KeptDirectory } from "./kept_directory.ts";
import { knownNodes, type KnownPlace } from "./known_nodes.ts";
import type { Proof } from "./prove_whole.ts";

/** Which directories may go. */
export interface FreeRules {
  /** How long ago something was written last at least, in milliseconds. Default: 0. */
  readonly olderThanMs?: number | undefined;
  /** How many of the runs, and as many of the artifacts, that were made last stay. Default: 0. */
  readonly keep?: number | undefined;
  /** Reaches a server. */
  readonly client: (host: string) => Promise<AIStoreClient>;
  /** Compares a directory with a node. */
  readonly prove: (
    kept: KeptDirectory,
    place: { readonly client: AIStoreClient; readonly node: string },
  ) => Promise<Proof>;
}

/** A directory that a server was just proven to have. */
export interface FreeDirectory {
  /** The directory. */
  readonly kept: KeptDirectory;
  /** The server, and the node's id. */
  readonly place: KnownPlace;
  /** The node's path. */
  readonly node: string;
  /** The directory's fingerprint from before it was compared. */
  readonly fingerprint: string;
  /** What the server has listed then. */
  readonly listing: string;
}

/** A directory that stays. */
export interface StayingDirectory {
  /** The directory. */
  readonly kept: KeptDirectory;
  /** Why it stays, in a few words. */
  readonly reason: string;
}

/**
 * Finds out which directories may go, because they are over and a server is proven to have all of them.
 *
 * @param all The directories; those of artifacts that a run among them needs stay as long as that run.
 * @param rules Which may go, and how to prove it.
 * @returns Each directory, the runs first.
 */
export async function* findFree(
  all: readonly KeptDirectory[],
  rules: FreeRules,
): AsyncGenerator<FreeDirectory | StayingDirectory> {
  const needed = new Set<string>();
  for (const kind of ["Run", "Artifact"] as const) {
    const dirs = all.filter((kept) => kept.kind === kind)
      .sort((a, b) => Date.parse(b.created) - Date.parse(a.created));
    for (const [index, kept] of dirs.entries()) {
      const reason = index < (rules.keep ?? 0)
        ? `one of the ${rules.keep} that were made last`
        : reasonToStay(kept, needed, rules);
      const found = reason === undefined
        ? await prove(kept, rules)
        : { kept, reason };
      if ("reason" in found) {
        for (const { name } of kept.artifacts) needed.add(name);
      }
      yield found;
    }
  }
}

function reasonToStay(
  kept: KeptDirectory,
  needed: ReadonlySet<string>,
  { olderThanMs = 0 }: FreeRules,
): string | undefined {
  const { life, status, path, lastMs } = kept;
  if (life === "live") return "it goes on";
  if (status === "Running") return "its status is Running; em sync settles it";
  if (needed.has(basename(path))) return "a run that stays used or produced it";
  if (Date.now() - lastMs < olderThanMs) return "it is not old enough";
  return undefined;
}

async function prove(
  kept: KeptDirectory,
  rules: FreeRules,
): Promise<FreeDirectory | StayingDirectory> {
  let reason = "it was never uploaded";
  const before = await fingerprint(kept.path);
  if (before === undefined) return { kept, reason: "it cannot be read whole" };
  for (const place of knownNodes(kept)) {
    try {
      const client = await rules.client(place.host);
      const node = await client.node(place.id);
      if (node === undefined) {
        reason = `its node is gone from ${place.host}`;
        continue;
      }
      const { path } = node;
      const proof = await rules.prove(kept, { client, node: path });
      const { differences: { length }, objects, listing } = proof;
      if (length === 0) {
        return { kept, place, node: path, fingerprint: before, listing };
      }
      reason =
        `${length} of ${objects} objects are not proven to be on ${place.host}`;
    } catch (error) {
      if (!(error instanceof EmError)) throw error;
      reason = error.message;
    }
  }
  return { kept, reason };
}
