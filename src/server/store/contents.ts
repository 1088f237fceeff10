/**
 * Changes of what nodes hold, in which a file and its row go together: the file is there before its row, and
 * is removed after its row.
 *
 * @module
 */

import { ERROR_TEXTS } from "../../aistore/protocol.ts";
import { invalid, nodeNotFound, Refusal } from "../refusal.ts";
import type { Database } from "./database.ts";
import type { NodeRow } from "./node_row.ts";
import type { Nodes } from "./nodes.ts";
import type { ObjectFiles, StoredFile } from "./object_files.ts";
import type { ObjectAddress, ObjectRow, Objects } from "./objects.ts";
import type { PartRow, Uploads } from "./uploads.ts";

/** What {@linkcode Contents} works on. */
export interface ContentsOptions {
  /** The database. */
  readonly database: Database;
  /** The tree of nodes. */
  readonly nodes: Nodes;
  /** The index of objects. */
  readonly objects: Objects;
  /** The index of multipart uploads. */
  readonly uploads: Uploads;
  /** The bytes. */
  readonly files: ObjectFiles;
}

/** A part as a client names it when it completes an upload. */
export interface PartReference {
  /** The part's number. */
  readonly partNumber: number;
  /** What the server answered when the part was sent, with or without quotes. */
  readonly etag: string;
}

/** An upload that is being completed. */
interface Completion {
  /** The parts that were named. */
  readonly references: string;
  /** What becomes of it. */
  readonly object: Promise<ObjectRow>;
}

/** The media type of an object whose sender named none. */
export const DEFAULT_CONTENT_TYPE = "application/octet-stream";

/** What nodes hold. When a method has returned, its change survives the end of the process. */
export class Contents {
  readonly #options: ContentsOptions;
  readonly #completing = new Map<string, Completion>();

  /** @param options What to work on. */
  constructor(options: ContentsOptions) {
    this.#options = options;
  }

  /**
   * Puts a file in place as an object.
   *
   * @param address Where the object is to be.
   * @param stored Its file; it is removed if it cannot be put in place.
   * @param contentType Its media type.
   * @returns The object.
   * @throws {Refusal} If the node has gone meanwhile.
   */
  putObject(
    address: ObjectAddress,
    stored: StoredFile,
    contentType: string,
  ): Promise<ObjectRow> {
    const { nodes, objects } = this.#options;
    return this.#place(stored, () => {
      if (!nodes.byId(address.nodeId)) throw nodeNotFound(address.nodeId);
      const replaced = objects.get(address);
      return {
        result: objects.put(address, stored, contentType),
        unused: replaced === undefined ? [] : [replaced.file],
      };
    });
  }

  /**
   * Puts a file in place as a part of an upload.
   *
   * @param uploadId The upload.
   * @param number The part's number.
   * @param stored The part's file; it is removed if it cannot be put in place.
   * @returns The part.
   * @throws {Refusal} If the upload has gone meanwhile, or is being completed.
   */
  putPart(
    uploadId: string,
    number: number,
    stored: StoredFile,
  ): Promise<PartRow> {
    const { uploads } = this.#options;
    return this.#place(stored, () => {
      this.#required(uploadId);
      const replaced = uploads.parts(uploadId).filter((part) =>
        part.number === number
      );
      const part: PartRow = { number, ...stored };
      uploads.putPart(uploadId, part);
      return { result: part, unused: replaced.map((part) => part.file) };
    });
  }

  /**
   * Joins the parts of an upload into its object, and ends the upload. Who asks once more meanwhile, because no answer
   * came, gets the same answer.
   *
   * @param uploadId The upload.
   * @param references The parts, by rising number.
   * @returns The object.
   * @throws {Refusal} If a part is not there or not the one that was sent.
   */
  async completeUpload(
    uploadId: string,
    references: readonly PartReference[],
  ): Promise<ObjectRow> {
    const { uploads } = this.#options;
    const text = JSON.stringify(
      references.map(({ partNumber, etag }) => [partNumber, etag]),
    );
    const underWay = this.#completing.get(uploadId);
    if (underWay?.references === text) return await underWay.object;
    this.#required(uploadId);
    const parts = chooseParts(uploads.parts(uploadId), references);
    const object = this.#join(uploadId, parts);
    this.#completing.set(uploadId, { references: text, object });
    try {
      return await object;
    } finally {
      this.#completing.delete(uploadId);
    }
  }

  async #join(uploadId: string, parts: readonly PartRow[]): Promise<ObjectRow> {
    const { uploads, files } = this.#options;
    try {
      const joined = await files.join(parts);
      return await this.#placeJoined(uploadId, joined);
    } catch (error) {
      // Somebody deleted the node, and the parts with it.
      if (uploads.get(uploadId)) throw error;
      throw uploadNotFound(uploadId);
    }
  }

  /**
   * Gives an upload up.
   *
   * @param uploadId The upload.
   * @throws {Refusal} If it is not there, or is being completed.
   */
  async abortUpload(uploadId: string): Promise<void> {
    const { uploads, files } = this.#options;
    this.#required(uploadId);
    const parts = uploads.parts(uploadId);
    uploads.delete(uploadId);
    await files.remove(parts.map((part) => part.file));
  }

  /**
   * Deletes objects of a node, all or none.
   *
   * @param nodeId The node.
   * @param keys Their keys.
   * @returns How many were there.
   */
  async deleteObjects(
    nodeId: string,
    keys: readonly string[],
  ): Promise<number> {
    const { database, objects, files } = this.#options;
    const unused = database.transaction(() =>
      keys.flatMap((key) => {
        const row = objects.get({ nodeId, key });
        return row !== undefined && objects.delete({ nodeId, key })
          ? [row.file]
          : [];
      })
    );
    await files.remove(unused);
    return unused.length;
  }

  /**
   * Deletes a node and everything below it.
   *
   * @param node The node.
   */
  async deleteNode(node: NodeRow): Promise<void> {
    const { nodes, files } = this.#options;
    await files.remove(nodes.remove(node));
  }

  #placeJoined(uploadId: string, joined: StoredFile): Promise<ObjectRow> {
    const { objects, uploads } = this.#options;
    return this.#place(joined, () => {
      const address = uploads.get(uploadId);
      if (address === undefined) throw uploadNotFound(uploadId);
      const unused = uploads.parts(uploadId).map((part) => part.file);
      const replaced = objects.get(address);
      if (replaced !== undefined) unused.push(replaced.file);
      const result = objects.put(address, joined, DEFAULT_CONTENT_TYPE);
      uploads.delete(uploadId);
      return { result, unused };
    });
  }

  /** Runs the change that makes a new file known, then removes what the change left unused. */
  async #place<T>(
    stored: StoredFile,
    change: () => { readonly result: T; readonly unused: readonly string[] },
  ): Promise<T> {
    const { database, files } = this.#options;
    let placed: ReturnType<typeof change>;
    try {
      placed = database.transaction(change);
    } catch (error) {
      await files.remove([stored.file]);
      throw error;
    }
    await files.remove(placed.unused);
    return placed.result;
  }

  #required(uploadId: string): void {
    if (!this.#options.uploads.get(uploadId)) throw uploadNotFound(uploadId);
    if (this.#completing.has(uploadId)) {
      throw new Refusal(409, `upload [${uploadId}] is being completed`);
    }
  }
}

/**
 * 404 for a multipart upload.
 *
 * @param uploadId Its id.
 * @returns The refusal.
 */
export function uploadNotFound(uploadId: string): Refusal {
  return new Refusal(404, `${ERROR_TEXTS.uploadNotFound} [${uploadId}]`);
}

function chooseParts(
  received: readonly PartRow[],
  references: readonly PartReference[],
): PartRow[] {
  if (references.length === 0) throw invalid("invalid parts: there are none");
  const byNumber = new Map(received.map((part) => [part.number, part]));
  let last = 0;
  return references.map(({ partNumber, etag }) => {
    if (partNumber <= last) {
      throw invalid("invalid parts: the numbers must rise");
    }
    last = partNumber;
    const part = byNumber.get(partNumber);
    if (part === undefined || part.md5 !== etag.replaceAll('"', "")) {
      throw invalid(
        `invalid parts: part ${partNumber} was not received with that etag`,
      );
    }
    return part;
  });
}
