import type { FilePart } from "./form_body.ts";
import type { RequestOptions, Transport } from "./transport.ts";

/** Up to this size an object goes in one request, as in the Python SDK. */
export const SINGLE_PUT_BYTES = 100 * 1024 * 1024;

const MIB = 1024 * 1024;
const PATH = "/apis/v1/objects/multipart";

/**
 * The size of the parts of a large object: as many MiB as the root of its size in MiB, rounded down.
 *
 * @param sizeBytes The object's size.
 * @returns The size of every part but the last.
 */
export function partBytes(sizeBytes: number): number {
  return Math.max(1, Math.floor(Math.sqrt(sizeBytes / MIB))) * MIB;
}

/** A large object. */
export interface PartsOptions extends RequestOptions {
  /** Its content. */
  readonly source: FilePart;
}

/**
 * Sends a large object part by part, in order. If a part fails the server is told to forget the others.
 *
 * @param transport Sends the requests.
 * @param path The object's whole path.
 * @param options The content, and abort.
 */
export async function putInParts(
  transport: Transport,
  path: string,
  options: PartsOptions,
): Promise<void> {
  const { source, signal } = options;
  const query = [["path", path]] as const;
  const { uploadId } = await transport.json({
    method: "POST",
    path: PATH,
    query,
    signal,
  }, hasUploadId);
  const upload = `${PATH}/${encodeURIComponent(uploadId)}`;
  try {
    const parts: { etag: string; partNumber: number }[] = [];
    const size = partBytes(source.sizeBytes);
    for (let start = 0; start < source.sizeBytes; start += size) {
      const partNumber = parts.length + 1;
      const sizeBytes = Math.min(size, source.sizeBytes - start);
      const { eTag } = await transport.json({
        method: "PUT",
        path: upload,
        query: [...query, ["partNumber", `${partNumber}`]],
        content: { source: { ...source, sizeBytes }, filename: "content" },
        signal,
      }, hasETag);
      parts.push({ etag: eTag, partNumber });
    }
    await transport.text({
      method: "POST",
      path: upload,
      query,
      json: { parts },
      signal,
    });
  } catch (error) {
    await transport.text({ method: "DELETE", path: upload, query }).catch(
      () => {},
    );
    throw error;
  }
}

function hasUploadId(value: unknown): value is { readonly uploadId: string } {
  return hasText(value, "uploadId");
}

function hasETag(value: unknown): value is { readonly eTag: string } {
  return hasText(value, "eTag");
}

function hasText(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null &&
    typeof (value as Record<string, unknown>)[key] === "string";
}
