import type { AIStoreClient } from "../../aistore/client.ts";
import { classify, type Failure } from "../../aistore/outcome.ts";
import {
  AuthenticationError,
  ConnectionError,
  type EmError,
} from "../../errors.ts";
import type { DeliveryNews } from "../gate/delivery_news.ts";
import { doubtKey, hopeForKey } from "../gate/persist.ts";
import { asRefusal } from "../gate/refusal.ts";
import { noteIntent } from "../notes/intent.ts";
import { placeNode } from "../placing/place_node.ts";
import type { FollowerJob, PlacedNode } from "../types.ts";
import type { FollowerHooks } from "./follower_hooks.ts";
import type { DeliveryPhase } from "./upload_report.ts";

/** What a {@linkcode Place} works with. */
export interface PlaceParts {
  /** The server. */
  readonly client: AIStoreClient;
  /** Whom to tell what. */
  readonly hooks: FollowerHooks;
  /** Tells the user. */
  readonly news: DeliveryNews;
}

/** Where on the server a directory is, and whether it is delivered there. */
export class Place {
  /** Why the node is not where it was, if so. */
  lost: unknown;
  readonly #job: FollowerJob;
  readonly #parts: PlaceParts;
  readonly #doubtKey: ReturnType<typeof doubtKey>;
  #phase: DeliveryPhase = "placing";
  #node: PlacedNode | undefined;
  #error: EmError | undefined;

  /**
   * @param job What is delivered, and where to.
   * @param parts What to work with.
   */
  constructor(job: FollowerJob, parts: PlaceParts) {
    this.#job = job;
    this.#parts = parts;
    this.#doubtKey = doubtKey(parts.client);
  }

  /** Where the delivery stands. */
  get phase(): DeliveryPhase {
    return this.#phase;
  }

  /** The node, once it is known. */
  get node(): PlacedNode | undefined {
    return this.#node;
  }

  /** The node's path; empty while there is none. */
  get path(): string {
    return this.#node?.path ?? "";
  }

  /** Why nothing is delivered any more, if so. */
  get error(): EmError | undefined {
    return this.#error;
  }

  /** Whether nothing is delivered, for good. */
  get isGivenUp(): boolean {
    return this.#phase === "skipped" || this.#phase === "refused";
  }

  /**
   * Gives the directory its node.
   *
   * @throws {EmError} If the server does not, or not yet.
   */
  async find(): Promise<void> {
    const { client, hooks } = this.#parts;
    const { node, intent, known, recreates } = this.#job;
    const options = { node, intent, known, recreates };
    const placement = await placeNode(client, options);
    if (placement.state === "skipped") {
      this.#phase = "skipped";
      return hooks.onSkipped(placement.path);
    }
    this.#node = placement.node;
    noteIntent(this.#job, {
      node: placement.node,
      reporter: hooks.reporter,
    });
    await hooks.onPlaced(placement.node);
    this.#phase = "following";
  }

  /**
   * Finds the node that is not where it was: somebody may have moved or renamed it.
   *
   * @throws {EmError} If it is gone, or the server does not say where it is.
   */
  async findAgain(): Promise<void> {
    const node = this.#node;
    const found = node && await this.#parts.client.node(node.id);
    if (node === undefined || found?.path === undefined) throw this.lost;
    if (found.path === node.path) {
      throw new ConnectionError(node.host, `it denies "${node.path}"`);
    }
    this.lost = undefined;
    this.#node = { ...node, path: found.path };
  }

  /**
   * Judges the failure of a request that concerns the whole directory. A key that was good may be good again.
   *
   * @param error What the request threw.
   * @returns Whether to try again.
   */
  async judge(error: unknown): Promise<Failure> {
    if (this.#node !== undefined) return hopeForKey(error);
    if (this.#job.isKeyProven) return await this.#doubtKey(error);
    const hopes = error instanceof AuthenticationError &&
      this.#parts.news.hadTrouble;
    return hopes ? { state: "retryable", error } : classify(error);
  }

  /**
   * Ends the delivery because of something that trying again does not change, and says so.
   *
   * @param error Why.
   */
  giveUp(error: unknown): void {
    const { hooks, news } = this.#parts;
    const wasPlacing = this.#phase === "placing";
    this.#phase = "refused";
    this.#error = asRefusal(error, this.#node);
    if (wasPlacing) hooks.onRefused(this.#error);
    else news.refused(this.#error);
  }
}
