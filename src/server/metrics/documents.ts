/**
 * The documents of a node, as JSON.
 *
 * @module
 */

import { ATTEMPTS_FILE } from "../../format/attempts.ts";
import { YamlError } from "../../format/yaml_reader.ts";
import type { Store } from "../store/store.ts";
import { flatten, type JsonValue, toJson } from "./facts.ts";
import { MAX_DOCUMENT_BYTES } from "./indexer.ts";
import { readDocument } from "./read_document.ts";
import type { SourceProblem } from "./sources.ts";

/** A document of a node. */
export interface NodeDocument {
  /** The object's key. */
  readonly key: string;
  /** What it says; null where it cannot be read. */
  readonly value: JsonValue;
  /** The same as a list of single values, in order, each under the keys on the way with dots between. */
  readonly flat: readonly FlatValue[];
  /** Why it cannot be read; null where it can. */
  readonly problem: SourceProblem | null;
}

/** A single value of a document. */
export interface FlatValue {
  /** The keys on the way, with dots between. */
  readonly path: string;
  /** What kind of value it is. */
  readonly type: string;
  /** The value; a list or an empty map as JSON. */
  readonly value: string | number | boolean | null;
}

/** The documents of runs and artifacts. */
export const DOCUMENT_KEYS = [
  "metadata.yaml",
  "hyperparameters.yaml",
  "platform.yaml",
  "git.yaml",
  "index.yaml",
  ATTEMPTS_FILE,
  "references.yaml",
] as const;

/**
 * Reads the documents of a node.
 *
 * @param store The store.
 * @param node The node's id.
 * @returns Those that are there.
 */
export async function readDocuments(
  store: Pick<Store, "objects" | "files">,
  node: string,
): Promise<NodeDocument[]> {
  const documents: NodeDocument[] = [];
  for (const key of DOCUMENT_KEYS) {
    const object = store.objects.get({ nodeId: node, key });
    if (object === undefined) continue;
    if (object.size > MAX_DOCUMENT_BYTES) {
      const message = `it is longer than ${MAX_DOCUMENT_BYTES} bytes`;
      documents.push({ key, value: null, flat: [], problem: { message } });
      continue;
    }
    const segments = store.objects.segments(object);
    const body = await store.files.read(segments, {
      range: { start: 0, end: object.size },
    });
    documents.push(toDocument(key, await new Response(body).text()));
  }
  return documents;
}

function toDocument(key: string, text: string): NodeDocument {
  try {
    const document = readDocument(text);
    const flat = flatten(document).map(({ path, type, num, text }) => ({
      path,
      type,
      value: type === "boolean" ? num !== 0 : text ?? num,
    }));
    return { key, value: toJson(document), flat, problem: null };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { line, problem: message } = error;
    const problem = line === undefined ? { message } : { line, message };
    return { key, value: null, flat: [], problem };
  }
}
