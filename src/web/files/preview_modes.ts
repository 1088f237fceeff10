/**
 * How an object can be looked at.
 *
 * @module
 */

import type { ObjectRecord } from "../api/types.ts";

/** A way to look at an object. */
export type PreviewMode =
  | "image"
  | "tree"
  | "table"
  | "references"
  | "text"
  | "hex";

/** Longer JSON is shown as text. */
export const MAX_JSON_BYTES = 5 * 1024 * 1024;

const IMAGE = /\.(?:png|jpe?g|gif|webp|avif|bmp|ico|svg)$/i;
const JSON_NAME = /\.(?:json|ipynb|geojson)$/i;
const TABLE = /\.(?:csv|tsv)$/i;

/**
 * Tells how an object can be looked at.
 *
 * @param object The object.
 * @param begin Its first bytes.
 * @returns The ways, the best one first.
 */
export function previewModes(
  object: ObjectRecord,
  begin: Uint8Array,
): readonly PreviewMode[] {
  const { path, size_bytes } = object;
  const isText = looksLikeText(begin);
  const plain: readonly PreviewMode[] = isText
    ? ["text", "hex"]
    : ["hex", "text"];
  if (IMAGE.test(path)) {
    return ["image", ...(isText ? ["text"] as const : []), "hex"];
  }
  if (!isText) return plain;
  if (path === "references.yaml") return ["references", ...plain];
  if (JSON_NAME.test(path) && size_bytes <= MAX_JSON_BYTES) {
    return ["tree", ...plain];
  }
  return TABLE.test(path) ? ["table", ...plain] : plain;
}

/** Whether bytes are the beginning of a text: UTF-8 without NUL, and hardly a control character. */
export function looksLikeText(begin: Uint8Array): boolean {
  let odd = 0;
  for (const byte of begin) {
    if (byte === 0) return false;
    const isOdd = byte < 9 || byte > 13 && byte < 32 && byte !== 27;
    if (isOdd) odd++;
  }
  if (odd > begin.length / 20) return false;
  try {
    // What is cut at the end is no fault.
    new TextDecoder("utf-8", { fatal: true }).decode(begin, { stream: true });
    return true;
  } catch {
    return false;
  }
}
