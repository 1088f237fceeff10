import { basename, join } from "@std/path";
import { decodeArtifactMetadata } from "../format/artifact_metadata.ts";
import {
  type ArtifactAssociation,
  decodeRunMetadata,
} from "../format/metadata.ts";
import { decodeKind } from "../format/metadata_kind.ts";
import type { NamedKind } from "../format/names.ts";
import type { RemoteRecord } from "../format/remote_record.ts";
import { fingerprintOf } from "../local/fingerprint.ts";
import { METADATA_FILE } from "../local/layout.ts";
import type { OwnerState } from "../local/owner.ts";
import { type FoundFiles, scanNow } from "../local/scan_now.ts";
import { runningState } from "../reading/local_source.ts";
import {
  type QuickMetadata,
  readQuickMetadata,
} from "../reading/quick_metadata.ts";
import { type NodeState, ownerOf } from "../viewer/run_state.ts";
import { liveRank } from "./live_rank.ts";

/** The directory of a run or an artifact on this machine, and whether it goes on. */
export class LocalNode {
  /** Its absolute path. */
  readonly path: string;
  /** Which of the two it is. */
  readonly kind: NamedKind;
  /** The unique name, which is the directory's. */
  readonly alternativeName: string;
  /** What a run says of itself; null for an artifact. */
  readonly status: string | null;
  /** Whether it goes on. Nothing is written to find that out. */
  readonly life: NodeState;
  /** The process that writes it, while one does. */
  readonly pid: number | undefined;
  /** Whether only ranks write it: nobody has the run, and nobody delivers it. */
  readonly isLeftToRanks: boolean;
  /** When it was made, RFC 3339. */
  readonly created: string;
  #found: FoundFiles | undefined;

  /**
   * @param path Its absolute path.
   * @param metadata What its metadata say.
   * @param owner Who writes it, as it was before they were read: they are written before that ends.
   */
  constructor(
    path: string,
    { kind, status, started }: Pick<
      QuickMetadata,
      "kind" | "status" | "started"
    >,
    owner: OwnerState | undefined,
  ) {
    this.path = path;
    this.kind = kind;
    this.alternativeName = basename(path);
    this.status = status;
    this.created = started;
    const rank = owner?.alive || kind === "Artifact"
      ? undefined
      : liveRank(path);
    this.pid = owner?.alive ? owner.pid : rank?.pid;
    this.isLeftToRanks = rank !== undefined;
    const isOver = kind === "Artifact" ||
      (status !== "Running" && this.pid === undefined);
    this.life = isOver
      ? "done"
      : this.pid === undefined
      ? runningState(path).state
      : "live";
  }

  /** When something was written last, in milliseconds since 1970. */
  get lastMs(): number {
    let lastMs = 0;
    for (const { mtimeMs } of this.#files.files.values()) {
      lastMs = Math.max(lastMs, mtimeMs);
    }
    return lastMs;
  }

  /** How long its files are together, in bytes. */
  get bytes(): number {
    let bytes = 0;
    for (const { sizeBytes } of this.#files.files.values()) bytes += sizeBytes;
    return bytes;
  }

  /**
   * Tells versions of it apart without reading its files.
   *
   * @returns What `fingerprint` gives, of the files as they were when something of them was asked for first.
   */
  async fingerprint(): Promise<string | undefined> {
    const { files, isWhole } = this.#files;
    return isWhole ? await fingerprintOf(files) : undefined;
  }

  get #files(): FoundFiles {
    return this.#found ??= scanNow(this.path);
  }
}

/** The directory of a run or an artifact, with what it is connected to. */
export class KeptDirectory extends LocalNode {
  /** Its uploads and downloads. */
  readonly remote: readonly RemoteRecord[];
  /** The artifacts that it used and produced. */
  readonly artifacts: readonly ArtifactAssociation[];

  /**
   * @param path Its absolute path.
   * @param metadata What its metadata say.
   * @param owner Who writes it, as it was before they were read.
   */
  constructor(
    path: string,
    metadata: Connected,
    owner: OwnerState | undefined,
  ) {
    super(path, metadata, owner);
    this.remote = metadata.remote;
    this.artifacts = metadata.artifacts;
  }
}

type Connected =
  & Pick<QuickMetadata, "kind" | "status" | "started">
  & Pick<KeptDirectory, "remote" | "artifacts">;

/**
 * Looks at the directory of a run or an artifact, at little cost, and changes nothing.
 *
 * @param path Its absolute path.
 * @returns What it is.
 * @throws {DamagedFileError} If the metadata cannot be read.
 */
export function readLocalNode(path: string): LocalNode {
  const owner = ownerOf(path);
  const file = join(path, METADATA_FILE);
  return new LocalNode(
    path,
    readQuickMetadata(Deno.readTextFileSync(file), file),
    owner,
  );
}

/**
 * Looks at the directory of a run or an artifact and all that its metadata say, and changes nothing.
 *
 * @param path Its absolute path.
 * @returns What it is.
 * @throws {DamagedFileError} If the metadata cannot be read.
 */
export function readKept(path: string): KeptDirectory {
  const owner = ownerOf(path);
  const file = join(path, METADATA_FILE);
  const text = Deno.readTextFileSync(file);
  return new KeptDirectory(path, readConnected(text, file), owner);
}

function readConnected(text: string, file: string): Connected {
  if (decodeKind(text, file) === "Artifact") {
    const { kind, createdTimestamp: started, remote } = decodeArtifactMetadata(
      text,
      file,
    );
    return { kind, status: null, started, remote, artifacts: [] };
  }
  const { kind, status, startTimestamp: started, remote, associations } =
    decodeRunMetadata(text, file);
  const artifacts = [...associations.input, ...associations.output]
    .filter((one) => one.kind === "Artifact");
  return { kind, status, started, remote, artifacts };
}
