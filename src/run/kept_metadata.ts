import {
  type Associations,
  encodeRunMetadata,
  type RunMetadata,
  type RunStatus,
} from "../format/metadata.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import type { Document } from "../local/document.ts";
import { withUploadRecord } from "../upload/placing/upload_record.ts";
import type { PlacedNode } from "../upload/types.ts";
import { associationOf, keyOf } from "./association_of.ts";

/** A run's metadata, each version of which is on disk when the call that makes it has returned. */
export class KeptMetadata {
  readonly #document: Document;
  #value: RunMetadata;

  /**
   * @param value What the document holds.
   * @param document The document `metadata.yaml`.
   */
  constructor(value: RunMetadata, document: Document) {
    this.#value = value;
    this.#document = document;
  }

  /** The metadata as they are now. */
  get value(): RunMetadata {
    return this.#value;
  }

  /**
   * Takes a new version.
   *
   * @param value The version.
   * @throws {Deno.errors} If the disk refuses it; nothing is changed then.
   */
  save(value: RunMetadata): void {
    this.#document.write(encodeRunMetadata(value));
    this.#value = value;
  }

  /**
   * Notes the status, and with it whether the run is over.
   *
   * @param status The status.
   */
  setStatus(status: RunStatus): void {
    const endTimestamp = status === "Running" ? null : formatTimestamp();
    this.save({ ...this.#value, status, endTimestamp });
  }

  /**
   * Notes where the run is uploaded to.
   *
   * @param node The node.
   */
  record(node: PlacedNode): void {
    this.save(withUploadRecord(this.#value, node, formatTimestamp()));
  }

  /**
   * Notes that the run used or produced something.
   *
   * @param role Which of both.
   * @param resource An artifact or an asset.
   * @returns Whether it was not noted before.
   * @throws {TypeError} If it is neither.
   */
  mark(role: keyof Associations, resource: unknown): boolean {
    const wanted = associationOf(resource);
    const { associations } = this.#value;
    const marked = associations[role];
    if (marked.some((one) => keyOf(one) === keyOf(wanted))) return false;
    this.save({
      ...this.#value,
      associations: { ...associations, [role]: [...marked, wanted] },
    });
    return true;
  }
}
