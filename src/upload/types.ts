import type { EmError } from "../errors.ts";
import type { Reporter } from "../reporter.ts";

/** What a directory is to become on the server. */
export interface NodeSpec {
  /** The node's type. */
  readonly type: "Run" | "Artifact";
  /** The node's name. */
  readonly name: string;
  /** The name that is unique: it tells whether a node on the server is this very one. */
  readonly alternativeName: string;
  /** The node's labels. */
  readonly labels: readonly string[];
  /** The node's description. */
  readonly description: string;
}

/**
 * What to do when the folder holds another node of that name: leave it and upload nothing (`skip`), fail (`error`),
 * upload under the alternative name (`new`), or delete it first (`replace`).
 */
export type ConflictStrategy = "skip" | "error" | "new" | "replace";

/** Where on a server a directory is wanted. */
export interface UploadIntent {
  /** The folder: with a leading `/` whole, otherwise below the user's root. */
  readonly folder: string;
  /** Whether to make the folder when it is missing. */
  readonly makeFolder: boolean;
  /** What to do when the name is taken. */
  readonly conflictStrategy: ConflictStrategy;
}

/** A server and the key to it. */
export interface Target {
  /** The server's address, without a trailing slash. */
  readonly host: string;
  /** The API key. */
  readonly apiKey: string;
  /** The time limit of a request, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
}

/** A node on a server, by its name there. */
export interface KnownNode {
  /** The node's id. */
  readonly id: string;
  /** The node's path. */
  readonly path: string;
}

/** The node that a directory is delivered to. */
export interface PlacedNode extends KnownNode {
  /** The server's address. */
  readonly host: string;
  /** The console's address of the node. */
  readonly webUrl: string;
  /** Whether the node was there before and may hold objects already. */
  readonly reused: boolean;
}

/** Where a directory goes: to a node, or nowhere because the strategy is `skip` and the name is taken. */
export type Placement =
  | { readonly state: "placed"; readonly node: PlacedNode }
  | {
    readonly state: "skipped";
    /** The path of the node that is in the way. */
    readonly path: string;
  };

/** A file that is not on the server as it is here. */
export interface FileTrouble {
  /** The file's path below the directory, with `/`. */
  readonly path: string;
  /** Why. */
  readonly reason: string;
}

/** How far a delivery has come. */
export interface UploadReport {
  /**
   * `complete`: the server has everything as it is here. `pending`: something is still missing, a later attempt may
   * bring it. `refused`: the server does not want something, see `refused` and `error`. `skipped`: nothing was to be
   * uploaded, because the name is taken.
   */
  readonly state: "complete" | "pending" | "refused" | "skipped";
  /** The node, once it is known. */
  readonly node?: PlacedNode;
  /** The console's address of the node, once it is known. */
  readonly webUrl?: string;
  /** How many requests this delivery has sent so far. */
  readonly requests: number;
  /** How many bytes of objects this delivery has sent so far, failed attempts included. */
  readonly sentBytes: number;
  /** How many objects this delivery has sent so far; one that was sent twice counts twice. */
  readonly sentObjects: number;
  /** What is still to be delivered. */
  readonly pending: readonly FileTrouble[];
  /** What the server does not want. */
  readonly refused: readonly FileTrouble[];
  /** What stands in the way of the whole delivery. */
  readonly error?: EmError;
}

/** How much is on its way. */
export interface DeliveryProgress {
  /** How many bytes of objects have gone out so far in requests that succeeded, or are under way. */
  readonly sentBytes: number;
  /** How long the files are that are still to be delivered, in bytes. */
  readonly pendingBytes: number;
  /** How many files are still to be delivered. */
  readonly pendingFiles: number;
}

/** How long to wait. */
export interface WaitOptions {
  /** The longest time to wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the wait early, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Is told a few times a second how much is on its way. */
  readonly onProgress?: ((progress: DeliveryProgress) => void) | undefined;
}

/** What to deliver, and where. */
export interface DeliveryOptions {
  /** The directory. */
  readonly dir: string;
  /** What it is to become. */
  readonly node: NodeSpec;
  /** The server. */
  readonly target: Target;
  /** Where on the server. */
  readonly intent: UploadIntent;
  /** Whether a node that is gone from the server is made again; otherwise that is a refusal. Default: true. */
  readonly recreates?: boolean | undefined;
  /** Where the delivery lives. Default `worker`, and `main` where a worker cannot start. */
  readonly mode?: "worker" | "main";
  /** Takes what the user is to know. Default: lines on stderr. */
  readonly reporter?: Reporter;
  /** Is told of the node as soon as it is known. */
  readonly onPlaced?: (node: PlacedNode) => void;
}

/** A directory on its way. Nothing of it throws into the caller's code or ends the process. */
export interface Delivery {
  /**
   * Where the directory goes. Rejects with an {@linkcode EmError} when the server refuses; stays pending while it cannot
   * be reached. It may be left alone: its rejection is never unhandled.
   */
  readonly placement: Promise<Placement>;
  /**
   * Waits until what is in the directory now is on the server.
   *
   * @param options How long.
   * @returns How far it came.
   */
  flush(options: WaitOptions): Promise<UploadReport>;
  /**
   * Waits until the server has everything, then ends the delivery.
   *
   * @param options How long.
   * @returns How far it came.
   */
  finish(options: WaitOptions): Promise<UploadReport>;
  /**
   * Delivers what is there while the process ends: blocks this thread.
   *
   * @param timeoutMs The longest time to block, in milliseconds.
   * @returns Whether the server has everything; false at once when there is no worker.
   */
  finishBlocking(timeoutMs: number): boolean;
  /** Ends the delivery at once. */
  close(): void;
}

/** What to upload once, and where. */
export interface DeliverOnceOptions
  extends Omit<DeliveryOptions, "mode" | "onPlaced"> {
  /** The longest time to take, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the upload early. */
  readonly signal?: AbortSignal;
  /** The node that this directory was uploaded to before, if any. */
  readonly knownNode?: KnownNode;
  /** Whether the directory is still being written: then what comes later is not waited for. Default: false. */
  readonly isLive?: boolean;
  /** Is told a few times a second how much is on its way. */
  readonly onProgress?: (progress: DeliveryProgress) => void;
  /** Is told of the node as soon as it is known, and awaited before any object is sent. */
  readonly onPlaced?: (node: PlacedNode) => void | Promise<void>;
}

/** What a follower is to do. It can be sent to a worker. */
export interface FollowerJob {
  /** The directory. */
  readonly dir: string;
  /** What it is to become. */
  readonly node: NodeSpec;
  /** The server. */
  readonly target: Target;
  /** Where on the server. */
  readonly intent: UploadIntent;
  /** The node that the directory was delivered to before, if any. */
  readonly known?: KnownNode | undefined;
  /** Whether a node that is gone from the server is made again; otherwise that is a refusal. Default: true. */
  readonly recreates?: boolean | undefined;
  /** Whether the server has taken the key before: then it may do so again if it refuses it. Default: false. */
  readonly isKeyProven?: boolean | undefined;
}
