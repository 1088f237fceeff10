import { basename, join } from "@std/path";
import { EmError } from "../errors.ts";
import { decodeRunMetadata } from "../format/metadata.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { readOwner } from "../local/owner.ts";
import type { Reporter } from "../reporter.ts";
import { runNode } from "../run/upload_run.ts";
import { startDelivery } from "../upload/delivering/delivery.ts";
import { isOsError } from "../local/os_error.ts";
import {
  type DestinationOptions,
  resolveDestination,
} from "../upload/placing/resolve_destination.ts";
import { uploadOne } from "../upload_directory.ts";
import {
  deliversItself,
  destinationOf,
  unfinished,
  wantedPlaces,
} from "./due_places.ts";
import { glance } from "./glance.ts";
import { lifeOf } from "./life_of.ts";
import { abortWhen, pause } from "./pause.ts";
import type { CompletedDirectory } from "./complete.ts";
import type { UploadQueue } from "./upload_queue.ts";
import type { WatchEvent } from "./watch_event.ts";

/** What a {@linkcode FollowedDirectory} works with. */
export interface FollowOptions {
  /** Where what was never asked to be uploaded goes. Default: nowhere. */
  readonly fallback?: DestinationOptions | undefined;
  /** Takes what is worth knowing. */
  readonly reporter: Reporter;
  /** Lets uploads run in their turn. */
  readonly queue: UploadQueue;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Is told what was done. Default: nobody is. */
  readonly onEvent?: ((event: WatchEvent) => void) | undefined;
}

/** How often a directory is glanced at: one in which nothing goes on, and any other, in milliseconds. */
const IDLE_MS = 5_000;
const ACTIVE_MS = 1_000;
/** How often a directory in which nothing goes on is looked at whole. */
const WHOLE_LOOK_MS = 10 * 60_000;
/** How long something that was refused is left alone unless it changes. */
const RETRY_MS = 60_000;

/** One directory of a resident. */
export class FollowedDirectory {
  /** Resolves when nothing is under way. */
  done: Promise<void> = Promise.resolve();
  readonly #dir: string;
  readonly #options: FollowOptions;
  readonly #reporter: Reporter;
  #busy = false;
  #seen = "";
  #nextGlanceMs = 0;
  #nextLookMs = 0;
  #lastSaid = "";
  #wasKilled = false;

  /**
   * @param dir The directory.
   * @param options What to work with.
   */
  constructor(dir: string, options: FollowOptions) {
    this.#dir = dir;
    this.#options = options;
    this.#reporter = {
      info: (message, ends) => {
        if (options.signal.aborted || message === this.#lastSaid) return;
        this.#lastSaid = message;
        options.reporter.info(message, ends);
      },
      warn: (kind, message) => {
        if (!options.signal.aborted) options.reporter.warn(kind, message);
      },
    };
  }

  /**
   * Does what is due, in the background.
   *
   * @param nowMs The time.
   */
  visit(nowMs: number): void {
    if (this.#busy || nowMs < this.#nextGlanceMs) return;
    const seen = glance(this.#dir);
    this.#nextGlanceMs = nowMs + IDLE_MS;
    if (seen === this.#seen && nowMs < this.#nextLookMs) return;
    this.#seen = seen;
    this.#busy = true;
    this.done = this.#attend().catch((error) => this.#fail(error)).finally(
      () => this.#busy = false,
    );
  }

  /** Brings the servers up to date, and goes on for as long as somebody writes. */
  async #attend(): Promise<void> {
    const { fallback } = this.#options;
    const life = await lifeOf(this.#dir);
    if (life === "killed") {
      this.#wasKilled = true;
      this.#reporter.info(
        `Run "${
          basename(this.#dir)
        }" has lost its process, its status is Error`,
      );
    }
    const known = wantedPlaces(this.#dir);
    const isLive = life === "running" || life === "unknown";
    if (isLive) {
      // Nothing but a look tells that a process has died.
      this.#lookAgain(ACTIVE_MS);
      const place = known[0] ?? fallback;
      if (place === undefined || deliversItself(this.#dir, known)) return;
      return await this.#follow(place);
    }
    this.#lookAgain(WHOLE_LOOK_MS);
    const due = known.length > 0
      ? (await unfinished(this.#dir, known)).map(destinationOf)
      : fallback === undefined
      ? []
      : [fallback];
    for (const place of due) await this.#upload(place);
  }

  async #upload(place: DestinationOptions): Promise<void> {
    const { queue, signal } = this.#options;
    const { target } = await resolveDestination(this.#dir, place);
    const report = await queue.run(target.host, async () => {
      if (signal.aborted) return;
      // The upload of a run that goes on again would have no end.
      using end = abortWhen(() => readOwner(this.#dir)?.alive === true, signal);
      const options = {
        ...place,
        host: target.host,
        signal: end.signal,
        recreates: false,
      };
      return await uploadOne(this.#dir, options, this.#reporter);
    });
    if (report !== undefined) {
      this.#tell({ state: "uploaded", host: target.host, report });
    }
    // What has changed meanwhile is to be seen, and that it is whole is to be noted.
    if (report?.state === "complete") this.#lookAgain(ACTIVE_MS);
    else this.#lookAgain(RETRY_MS);
    if (report?.state === "skipped") this.#lookAgain(WHOLE_LOOK_MS);
  }

  /** Delivers a run for as long as it goes on. */
  async #follow(place: DestinationOptions): Promise<void> {
    const dir = this.#dir;
    const { signal } = this.#options;
    const { target, intent } = await resolveDestination(dir, place);
    const path = join(dir, METADATA_FILE);
    const metadata = decodeRunMetadata(await Deno.readTextFile(path), path);
    const node = runNode({ ...metadata, alternativeName: basename(dir) });
    const delivery = await startDelivery({
      dir,
      node,
      target,
      intent,
      mode: "main",
      recreates: false,
      reporter: this.#reporter,
    });
    const { host } = target;
    this.#options.onEvent?.({ state: "following", path: dir, host });
    const refused = new AbortController();
    const stop = () => delivery.close();
    signal.addEventListener("abort", stop, { once: true });
    try {
      let refusal: unknown;
      delivery.placement.catch((error) => {
        refusal = error;
        refused.abort();
      });
      while (!signal.aborted && await this.#goesOn()) {
        await pause(ACTIVE_MS, AbortSignal.any([signal, refused.signal]));
        if (refusal !== undefined) throw refusal;
      }
      // The rest, and the record of it, is for the upload of what has ended.
      if (!signal.aborted) await delivery.flush({ timeoutMs: RETRY_MS });
    } finally {
      signal.removeEventListener("abort", stop);
      delivery.close();
    }
  }

  async #goesOn(): Promise<boolean> {
    const life = await lifeOf(this.#dir);
    if (life === "killed") {
      this.#wasKilled = true;
      this.#reporter.info(
        `The process of run "${
          basename(this.#dir)
        }" was killed, its status is Error`,
      );
    }
    return life === "running" || life === "unknown";
  }

  #tell(
    end: Pick<CompletedDirectory, "host" | "report" | "error"> & {
      readonly state: "uploaded" | "failed";
    },
  ): void {
    const { onEvent } = this.#options;
    onEvent?.({ path: this.#dir, wasKilled: this.#wasKilled, ...end });
  }

  #lookAgain(afterMs: number): void {
    const nowMs = Date.now();
    this.#nextLookMs = nowMs + afterMs;
    this.#nextGlanceMs = nowMs + Math.min(afterMs, IDLE_MS);
  }

  /** What is in the way is said once, and tried again. */
  #fail(error: unknown): void {
    this.#lookAgain(RETRY_MS);
    if (!(error instanceof EmError) && !isOsError(error)) throw error;
    this.#tell({ state: "failed", error });
    this.#reporter.warn(
      `sync ${error.message}`,
      `"${this.#dir}" is not synced for now: ${error.message}`,
    );
  }
}
