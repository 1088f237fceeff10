import { AuthenticationError, type EmError } from "../errors.ts";
import type { Reporter } from "../reporter.ts";
import type { Recovery } from "./delivery_gate.ts";
import { unreachableTopic } from "./messages.ts";
import type { FollowerJob } from "./types.ts";

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
    const { dir, target } = this.#job;
    if (error instanceof AuthenticationError) {
      return this.#reporter.warn(
        keyTopic(target.host, dir),
        `${error.message}; nothing is lost: it is delivered from "${dir}" when the key works again`,
      );
    }
    this.#reporter.warn(
      unreachableTopic(target.host),
      `${error.message}; nothing is lost: it is delivered from "${dir}" when the server answers`,
    );
  }

  /**
   * Tells what has come back.
   *
   * @param recovery What.
   */
  recovered({ of, awayMs }: Recovery): void {
    const { dir, target } = this.#job;
    const isKey = of === "key";
    const what = isKey ? "takes the API key again" : "answers again";
    this.#reporter.info(
      `AIStore server "${target.host}" ${what} after ${
        Math.ceil(awayMs / 1000)
      } s, delivery goes on`,
      isKey ? keyTopic(target.host, dir) : unreachableTopic(target.host),
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
}

function keyTopic(host: string, dir: string): string {
  return `key refused ${host} ${dir}`;
}
