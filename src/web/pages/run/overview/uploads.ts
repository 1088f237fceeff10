/**
 * Where a node was uploaded to, as its metadata says.
 *
 * @module
 */

/** A place on a server. */
export interface Upload {
  readonly host: string;
  readonly path: string;
  /** When it was uploaded there last; undefined where that is not said. */
  readonly atMs: number | undefined;
}

/**
 * Reads where a node was uploaded to.
 *
 * @param metadata The metadata, as JSON has it.
 * @returns The places, the last one first, each once.
 */
export function uploadsOf(metadata: unknown): readonly Upload[] {
  const places = new Map<string, Upload>();
  for (const record of listOf(metadata).reverse()) {
    const { action, host, path, timestamp } = record;
    if (action !== "upload") continue;
    if (typeof host !== "string" || typeof path !== "string") continue;
    const at = Date.parse(String(timestamp));
    const place = `${host} ${path}`;
    if (places.has(place)) continue;
    places.set(place, { host, path, atMs: Number.isNaN(at) ? undefined : at });
  }
  return [...places.values()];
}

type Fields = Readonly<Record<string, unknown>>;

function listOf(metadata: unknown): Fields[] {
  const remote = (metadata as Fields | null)?.["remote"];
  return Array.isArray(remote)
    ? remote.filter((each) => typeof each === "object" && each !== null)
    : [];
}
