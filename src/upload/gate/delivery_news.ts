import { AuthenticationError, type EmError } from "../../errors.ts";
import type { Reporter } from "../../reporter.ts";
import type { Recovery } from "./delivery_gate.ts";
import { unreachableTopic } from "./unreachable_topic.ts";
import type { FollowerJob } from "../types.ts";

/** What the user is told of a delivery. */
export class DeliveryNews {
  readonly #job: FollowerJob;
  readonly #reporter: Reporter;
  #hadTrouble = false;

  /**
   * @param job What is delivered, and where to.
   * @param reporter Takes the sentences.
   */
  constructor(job: FollowerJob, reporter: Reporter) {
    this.#job = job;
    this.#reporter = reporter;
  }

  /** Whether the server could not be reached, or has failed, at some time. */
  get hadTrouble(): boolean {
    return this.#hadTrouble;
  }

  /**
   * Tells why delivery pauses, once for each kind of reason.
   *
   * @param error Why.
   */
  trouble(error: EmError): void {
    this.#hadTrouble = true;
    const of = !(error instanceof AuthenticationError)
      ? "server"
      : error.isDenial
      ? "node"
      : "key";
    this.#reporter.warn(
      this.#topic(of),
      `${error.message}; nothing is lost: ${this.#hope(of)}`,
    );
  }

  /**
   * Tells what has come back.
   *
   * @param recovery What.
   */
  recovered({ of, awayMs }: Recovery): void {
    const what = {
      server: "answers again",
      key: "takes the API key again",
      node: `takes "${this.#job.dir}" again`,
    }[of];
    this.#reporter.info(
      `AIStore server "${this.#job.target.host}" ${what} after ${
        Math.ceil(awayMs / 1000)
      } s, delivery goes on`,
      this.#topic(of),
    );
  }

  /**
   * Tells that a file is given up.
   *
   * @param key The file's path below the directory.
   * @param reason Why.
   */
  refusedFile(key: string, reason: string): void {
    const { dir } = this.#job;
    this.#reporter.warn(
      `refused ${dir} ${key}`,
      `"${key}" of "${dir}" is not uploaded: ${reason}`,
    );
  }

  /**
   * Tells that the whole delivery is given up.
   *
   * @param error Why.
   */
  refused(error: EmError): void {
    const { dir } = this.#job;
    this.#reporter.warn(
      `refused ${dir}`,
      `"${dir}" is no longer uploaded: ${error.message}`,
    );
  }

  /** What goes wrong is said once for all that it concerns. */
  #topic(of: Recovery["of"]): string {
    const { dir, target: { host, apiKey } } = this.#job;
    switch (of) {
      case "server":
        return unreachableTopic(host);
      case "key":
        // So much of a key tells it from another, and is of no use to anybody.
        return `key refused ${host} ${apiKey.slice(0, 8)}`;
      case "node":
        return `denied ${host} ${dir}`;
    }
  }

  #hope(of: Recovery["of"]): string {
    switch (of) {
      case "server":
        return "delivery goes on when the server answers";
      case "key":
        return "delivery goes on when the key works again";
      case "node":
        return `"${this.#job.dir}" is delivered when it is permitted again`;
    }
  }
}
