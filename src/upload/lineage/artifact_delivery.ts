import type { AIStoreClient } from "../../aistore/client.ts";
import { AuthenticationError } from "../../errors.ts";
import type { RemoteRecord } from "../../format/remote_record.ts";
import type { Reporter } from "../../reporter.ts";
import { type ArtifactSource, openArtifact } from "./artifact_source.ts";
import { type FileStamp, sameStamp } from "../../local/file_stamp.ts";
import { DeliveryGate } from "../gate/delivery_gate.ts";
import { Follower } from "../following/follower.ts";
import { doubtKey, persist, type PersistOptions } from "../gate/persist.ts";
import { asEmError } from "../gate/refusal.ts";
import { scanDirectory } from "../../local/scan_directory.ts";
import { tellPlaced } from "../placing/tell_placed.ts";
import type {
  DeliveryProgress,
  FileTrouble,
  FollowerJob,
  Target,
  UploadIntent,
  UploadReport,
} from "../types.ts";
import { checkWait } from "../wait_options.ts";

/** What an {@linkcode ArtifactDelivery} works with. */
export interface ArtifactDeliveryOptions extends PersistOptions {
  /** The server. */
  readonly target: Target;
  /** Where the artifact goes if it is not on that server yet. */
  readonly intent: UploadIntent;
  /** A client of the server. */
  readonly client: AIStoreClient;
  /** Takes what the user is to know. */
  readonly reporter: Reporter;
  /** Is told that something has changed. */
  readonly onChange: () => void;
}

/** An artifact on its way to the server, because a run used or produced it. */
export class ArtifactDelivery {
  /** The artifact's node, once it is known. */
  nodeId: string | undefined;
  /** Why there will be no node. */
  refusal: string | undefined;
  /** How many bytes of objects were sent. */
  sentBytes = 0;
  /** How many objects were sent. */
  sentObjects = 0;
  /** How many requests were sent. */
  requests = 0;
  readonly #gate: DeliveryGate;
  #follower: Follower | undefined;
  readonly #dir: string;
  readonly #options: ArtifactDeliveryOptions;
  #report: UploadReport | undefined;
  /** The files when the last delivery began. */
  #files: ReadonlyMap<string, FileStamp> = new Map();
  #delivered: ReadonlyMap<string, FileStamp> | undefined;
  #isElsewhere = false;
  #isBusy = false;

  /**
   * @param dir The absolute path of the artifact's directory.
   * @param options Where to.
   */
  constructor(dir: string, options: ArtifactDeliveryOptions) {
    this.#dir = dir;
    this.#options = options;
    this.#gate = new DeliveryGate(options.target);
  }

  /** How much is on its way. */
  get progress(): DeliveryProgress {
    const now = this.#follower?.progress ??
      { sentBytes: 0, pendingBytes: 0, pendingFiles: this.isOpen ? 1 : 0 };
    return { ...now, sentBytes: this.sentBytes + now.sentBytes };
  }

  /** Whether nothing is under way, and nothing is to be done. */
  get isSettled(): boolean {
    return !this.#isBusy && !this.isOpen;
  }

  /** Whether something is to be done. */
  get isOpen(): boolean {
    return !this.#isBusy && this.refusal === undefined && !this.#isElsewhere &&
      this.#delivered === undefined;
  }

  /** What is not on the server, and why. */
  get pending(): readonly FileTrouble[] {
    if (this.isSettled) return this.#report?.pending ?? [];
    return [{ path: this.#dir, reason: "the artifact is not uploaded yet" }];
  }

  /** What the server does not want. */
  get refused(): readonly FileTrouble[] {
    return this.#report?.refused ?? [];
  }

  /** Ends a pause: somebody waits. */
  hurry(): void {
    this.#gate.hurry();
  }

  /** Takes note that the directory may have changed since it was delivered. */
  async lookAgain(): Promise<void> {
    const before = this.#delivered;
    if (this.#isBusy || before === undefined) return;
    const now = await scanDirectory(this.#dir);
    if (!sameFiles(before, now)) this.#delivered = undefined;
  }

  /** Uploads what is in the directory now. Never rejects. */
  async deliver(): Promise<void> {
    this.#isBusy = true;
    try {
      await this.#deliver(openArtifact(this.#dir));
    } catch (error) {
      if (this.#options.signal.aborted) return;
      this.refusal = asEmError(error).message;
    } finally {
      this.#isBusy = false;
      this.#options.onChange();
    }
  }

  async #deliver(source: ArtifactSource): Promise<void> {
    const { target, intent, signal } = this.#options;
    const known = this.nodeId === undefined
      ? await this.#findKnown(source)
      : undefined;
    if (known?.action === "download") {
      // What was only fetched from there is the business of its owner.
      this.nodeId = known.id;
      this.#isElsewhere = true;
      return;
    }
    const { dir, node } = source;
    const report = await this.#follow(source, {
      dir,
      node,
      target,
      intent,
      known: known ?? this.#report?.node,
      isKeyProven: true,
    });
    this.#report = report;
    this.sentBytes += report.sentBytes;
    this.sentObjects += report.sentObjects;
    this.requests += report.requests;
    if (signal.aborted) return;
    this.#delivered = this.#files;
    if (report.node !== undefined) return;
    this.refusal = report.state === "skipped"
      ? `the folder has another node of that name, and the strategy is "skip"`
      : report.error?.message ?? "the server refused it";
  }

  async #follow(
    source: ArtifactSource,
    job: FollowerJob,
  ): Promise<UploadReport> {
    const { reporter, signal, onChange } = this.#options;
    const follower = new Follower(job, {
      reporter,
      onPlaced: async (node) => {
        const { dir, recordUpload: note } = source;
        await tellPlaced({ dir, reporter, onPlaced: note }, node);
        this.#files = await scanDirectory(source.dir);
        this.nodeId = node.id;
        onChange();
      },
      onSkipped: () => {},
      onRefused: () => {},
    }, { gate: this.#gate });
    this.#follower = follower;
    follower.run();
    const timeoutMs = checkWait({ timeoutMs: Infinity });
    const report = await follower.finish({ timeoutMs, signal });
    this.#follower = undefined;
    return report;
  }

  /** The last of the artifact's places on this server that is still there. */
  async #findKnown(
    { metadata }: ArtifactSource,
  ): Promise<RemoteRecord | undefined> {
    const { client, target } = this.#options;
    const here = metadata.remote.filter(({ host }) => host === target.host);
    for (const record of here.reverse()) {
      this.requests++;
      const find = () =>
        client.node(record.id, { signal: this.#options.signal });
      const patience = { ...this.#options, judge: doubtKey(client) };
      try {
        if (await persist(find, patience) !== undefined) return record;
      } catch (error) {
        // Somebody else's, or no longer shared: not a place for this one.
        if (!(error instanceof AuthenticationError)) throw error;
      }
    }
    return undefined;
  }
}

function sameFiles(
  a: ReadonlyMap<string, FileStamp>,
  b: ReadonlyMap<string, FileStamp>,
): boolean {
  if (a.size !== b.size) return false;
  for (const [key, stamp] of a) {
    const other = b.get(key);
    if (other === undefined || !sameStamp(stamp, other)) return false;
  }
  return true;
}
