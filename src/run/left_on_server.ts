import { AIStoreClient } from "../aistore/client.ts";
import { alternativeNameOf } from "../aistore/alternative_name.ts";
import type { AIStoreNode } from "../aistore/protocol.ts";
import { findPath } from "../download/find_node.ts";
import { DamagedFileError, NotFoundError, ResponseError } from "../errors.ts";
import { decodeRunMetadata } from "../format/metadata.ts";
import { isYamlMap, parseYaml, YamlError } from "../format/yaml_reader.ts";
import type { YamlMap } from "../format/yaml_value.ts";
import { METADATA_FILE, RUN_FILES } from "../local/layout.ts";
import { QUIET_MS } from "../local/owner.ts";
import type { OwnMap } from "./hparam_values.ts";
import { changedHparams } from "./passed_hparams.ts";

/** What {@linkcode findLeftOnServer} looks for. */
export interface LeftOnServerOptions {
  /** The run's name. */
  readonly name: string;
  /** The folder that it would be uploaded to. */
  readonly folder: string;
  /** The hyperparameters that it would have; undefined for any. */
  readonly hparams: OwnMap | undefined;
  /** Whether a run of a unique name is on this machine, and therefore not looked at. */
  readonly isHere: (alternativeName: string) => boolean;
  /** Ends the search. */
  readonly signal: AbortSignal;
}

/** What was found on a server. */
export interface LeftOnServer {
  /** The path of a run that goes on nowhere; undefined if there is none. */
  readonly path?: string;
  /** The path of a run that may go on: it says so, and something came of it within the last minutes. */
  readonly maybeLive?: string;
}

/** How many runs of a name are looked at, the newest first. */
const MOST_RUNS = 20;

/**
 * Looks on the server for a run that an earlier process has left, perhaps on a machine that is gone.
 *
 * @param options Which run.
 * @returns What was found.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function findLeftOnServer(
  options: LeftOnServerOptions,
): Promise<LeftOnServer> {
  const { signal } = options;
  const found = await openFolder(options);
  if (found === undefined) return {};
  const { client, path: folder } = found;
  const runs: { readonly path: string; readonly key: string }[] = [];
  for await (const node of client.listNodes(folder, { type: "Run", signal })) {
    const unique = uniqueName(node, options.name);
    if (unique === undefined || options.isHere(unique)) continue;
    runs.push({ path: `${folder}/${node.name}`, key: unique });
  }
  runs.sort((a, b) => a.key < b.key ? 1 : -1);
  let maybeLive: string | undefined;
  for (const { path } of runs.slice(0, MOST_RUNS)) {
    const state = await stateOf(client, path, options);
    if (state === "left") return { path };
    if (state === "complete") break;
    if (state === "live") maybeLive ??= path;
  }
  return maybeLive === undefined ? {} : { maybeLive };
}

async function openFolder(
  { folder, signal }: LeftOnServerOptions,
): Promise<{ client: AIStoreClient; path: string } | undefined> {
  try {
    const { client, node } = await findPath(folder, {
      makeClient: (target) => new AIStoreClient(target),
      signal,
    });
    return { client, path: node.path };
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** The unique name of a run that was given a name; undefined for another. */
function uniqueName(
  { extra }: AIStoreNode,
  name: string,
): string | undefined {
  const unique = alternativeNameOf(extra) ?? "";
  return unique.startsWith(`${name}_`) &&
      /^\d{6}_\d{6}_[a-z0-9]{6}$/.test(unique.slice(name.length + 1))
    ? unique
    : undefined;
}

type RunState = "left" | "complete" | "live" | "other";

async function stateOf(
  client: AIStoreClient,
  path: string,
  { hparams, signal }: LeftOnServerOptions,
): Promise<RunState> {
  const read = async (key: string) =>
    await new Response(await client.getObject(`${path}/${key}`, { signal }))
      .text();
  try {
    const recorded = parseYaml(await read(RUN_FILES.hyperparameters));
    if (hparams !== undefined && !hasAll(recorded as YamlMap, hparams)) {
      return "other";
    }
    const { status } = decodeRunMetadata(await read(METADATA_FILE), path);
    if (status !== "Running") {
      return status === "Complete" ? "complete" : "left";
    }
  } catch (error) {
    const isUnreadable = error instanceof DamagedFileError ||
      error instanceof YamlError ||
      (error instanceof ResponseError && error.status === 404);
    if (isUnreadable) return "other";
    throw error;
  }
  let lastMs = 0;
  for await (const { mtime } of client.listObjects(path, { signal })) {
    lastMs = Math.max(lastMs, mtime * 1000);
  }
  return Date.now() - lastMs >= QUIET_MS ? "left" : "live";
}

/** Whether a run has the hyperparameters that are passed in; it may have been given more as it went on. */
function hasAll(recorded: YamlMap, passed: OwnMap): boolean {
  return isYamlMap(recorded) &&
    changedHparams(recorded, passed).every(({ now }) => now === undefined);
}
