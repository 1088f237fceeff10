/**
 * All there is to say of a run or an artifact.
 *
 * @module
 */

import { DamagedFileError, ResponseError } from "../errors.ts";
import { decodeArtifactMetadata } from "../format/artifact_metadata.ts";
import type { Attempt } from "../format/attempts.ts";
import {
  decodeGit,
  decodePlatform,
  type GitFacts,
  type PlatformFacts,
} from "../format/environment.ts";
import { type Association, decodeRunMetadata } from "../format/metadata.ts";
import { decodeKind } from "../format/metadata_kind.ts";
import type { RemoteRecord } from "../format/remote_record.ts";
import type { YamlMap } from "../format/yaml_value.ts";
import { METADATA_FILE, RUN_FILES } from "../local/layout.ts";
import { readAttempts } from "./attempts.ts";
import { decodeHparams } from "./decode_hparams.ts";
import { lifeOf, type TrueLife } from "./node_entry.ts";
import type { NodeContents, NodeSource, RelatedRun } from "./node_source.ts";
import type { SeriesSummary } from "./series.ts";
import { type RankState, readRanks } from "./ranks.ts";
import { refuseBombs } from "./refuse_bombs.ts";
import { readSeries } from "./series_summary.ts";

/** All there is to say of a run or an artifact. */
export interface NodeDescription extends TrueLife {
  /** What it is. */
  readonly type: "Run" | "Artifact";
  /** The name. */
  readonly name: string;
  /** The unique name. */
  readonly alternativeName: string;
  /** The directory, or the path on the server. */
  readonly path: string;
  /** The address of the server; null for a directory. */
  readonly host: string | null;
  /** When a run began, or an artifact was made. */
  readonly startTimestamp: string;
  /** The labels. */
  readonly labels: readonly string[];
  /** The description. */
  readonly description: string;
  /** The hyperparameters. */
  readonly hparams: YamlMap;
  /** The metrics. */
  readonly metrics: readonly SeriesSummary[];
  /** The attempts at a run; none where there was only one. */
  readonly attempts: readonly Attempt[];
  /** The ranks that have joined a run. */
  readonly ranks: readonly RankState[];
  /** What a run used. */
  readonly inputs: readonly Association[];
  /** What it produced. */
  readonly outputs: readonly Association[];
  /** The runs that have produced an artifact, as far as they are known where it is. */
  readonly producedBy: readonly RelatedRun[];
  /** The runs that have used an artifact. */
  readonly usedBy: readonly RelatedRun[];
  /** Uploads and downloads, oldest first. */
  readonly remote: readonly RemoteRecord[];
  /** The machine and the software; null where nothing is known of them. */
  readonly platform: PlatformFacts | null;
  /** The repository; null where nothing is known of it. */
  readonly git: GitFacts | null;
  /** How much there is. */
  readonly contents: NodeContents;
  /** What cannot be read, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Describes a run or an artifact. Only its metadata must be there; what else cannot be read is named.
 *
 * @param source The run or artifact.
 * @returns The description.
 * @throws {DamagedFileError} If the metadata are missing or cannot be read.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function describeNode(
  source: NodeSource,
): Promise<NodeDescription> {
  const path = `${source.path}/${METADATA_FILE}`;
  const text = await source.read(METADATA_FILE);
  if (text === undefined) throw new DamagedFileError(path, "it is missing");
  refuseBombs(text, path);
  const { alternativeName, host } = source;
  const place = { alternativeName, host, path: source.path };
  if (decodeKind(text, path) === "Artifact") {
    const metadata = decodeArtifactMetadata(text, path);
    const { name, labels, description, remote, createdTimestamp } = metadata;
    return {
      ...place,
      ...{ type: "Artifact", name, labels, description, remote },
      ...NO_RUN,
      startTimestamp: createdTimestamp,
      contents: await source.contents(),
      ...await dataflowOf(source),
    };
  }
  const metadata = decodeRunMetadata(text, path);
  const { name, labels, description, remote, associations } = metadata;
  const { status, startTimestamp, endTimestamp } = metadata;
  const running = status === "Running"
    ? await source.stateOfRunning()
    : { state: "done", lastMs: 0 } as const;
  const documents = new Documents(source);
  const { series, problems } = await readSeries(source);
  const { attempts, problem } = await readAttempts(source);
  const { ranks, problems: ofRanks } = await readRanks(source);
  return {
    ...place,
    ...{ type: "Run", name, labels, description, remote, startTimestamp },
    ...lifeOf({
      status,
      started: startTimestamp,
      ended: endTimestamp,
      running: () => running,
    }),
    hparams: await documents.read(RUN_FILES.hyperparameters, decodeHparams) ??
      {},
    metrics: series,
    attempts,
    ranks,
    inputs: associations.input,
    outputs: associations.output,
    producedBy: [],
    usedBy: [],
    platform: await documents.read(RUN_FILES.platform, decodePlatform) ?? null,
    git: await documents.read(RUN_FILES.git, decodeGit) ?? null,
    contents: await source.contents(),
    problems: [
      ...documents.problems,
      ...problems,
      ...(problem === undefined ? [] : [problem]),
      ...ofRanks,
    ],
  };
}

/** A server may know nothing of dataflow, and much of the rest. */
async function dataflowOf(
  source: NodeSource,
): Promise<Pick<NodeDescription, "producedBy" | "usedBy" | "problems">> {
  try {
    return { ...await source.dataflow(), problems: [] };
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    return { producedBy: [], usedBy: [], problems: [error.message] };
  }
}

const NO_RUN = {
  status: null,
  state: "done",
  endTimestamp: null,
  durationMs: null,
  hparams: {},
  metrics: [],
  attempts: [],
  ranks: [],
  inputs: [],
  outputs: [],
  platform: null,
  git: null,
} as const;

/** Reads documents of which each may be missing or damaged. */
class Documents {
  readonly problems: string[] = [];
  readonly #source: NodeSource;

  constructor(source: NodeSource) {
    this.#source = source;
  }

  async read<T>(
    key: string,
    decode: (text: string, path: string) => T,
  ): Promise<T | undefined> {
    const text = await this.#source.read(key);
    if (text === undefined) return undefined;
    try {
      return decode(refuseBombs(text, key), key);
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      this.problems.push(error.message);
      return undefined;
    }
  }
}
