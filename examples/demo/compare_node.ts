import { walk } from "@std/fs";
import { join, relative, SEPARATOR } from "@std/path";

/** What to compare, and how to reach the server. */
export interface CompareOptions {
  /** The server's address, as given to `login()`. */
  readonly host: string;
  /** The API key. */
  readonly apiKey: string;
  /** The node's path, such as `/demo/cv/mnist/mnist_dense`. */
  readonly nodePath: string;
  /** The directory that the node's objects should equal. */
  readonly localDir: string;
}

/** What a comparison found. */
export interface Comparison {
  /** Files that were found and are the same byte for byte, as their keys, sorted. */
  readonly same: readonly string[];
  /** The sum of the sizes of the local files. */
  readonly localBytes: number;
  /** A line for each file that is missing, extra or different; sorted. */
  readonly differences: readonly string[];
}

/**
 * Compares every object of a node with the local file of the same key, in both directions. It asks the server over
 * HTTP and trusts neither sizes nor checksums: the bytes themselves are compared.
 *
 * @param options What to compare.
 * @returns What is the same and what is not.
 */
export async function compareNode(
  options: CompareOptions,
): Promise<Comparison> {
  const local = await localKeys(options.localDir);
  const remote = await remoteKeys(options);
  const same: string[] = [];
  const differences: string[] = [];
  let localBytes = 0;
  for (const key of new Set([...local, ...remote])) {
    const ours = local.has(key)
      ? await Deno.readFile(join(options.localDir, key))
      : undefined;
    localBytes += ours?.length ?? 0;
    const theirs = remote.has(key) ? await getObject(options, key) : undefined;
    const difference = describeDifference(ours, theirs);
    if (difference === undefined) same.push(key);
    else differences.push(`${key}: ${difference}`);
  }
  return { same: same.sort(), localBytes, differences: differences.sort() };
}

function describeDifference(
  local: Uint8Array | undefined,
  remote: Uint8Array | undefined,
): string | undefined {
  if (remote === undefined) return "is not on the server";
  if (local === undefined) return "is on the server only";
  const at = local.findIndex((byte, i) => byte !== remote[i]);
  if (at === -1 && local.length === remote.length) return undefined;
  return `differs from byte ${
    at === -1 ? local.length : at
  } on (${local.length} bytes here, ${remote.length} there)`;
}

async function localKeys(dir: string): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const { path } of walk(dir, { includeDirs: false })) {
    keys.add(relative(dir, path).replaceAll(SEPARATOR, "/"));
  }
  return keys;
}

async function remoteKeys(options: CompareOptions): Promise<Set<string>> {
  const keys = new Set<string>();
  for (let page = 1;; page++) {
    const query = new URLSearchParams({
      path: options.nodePath,
      page: `${page}`,
    });
    const listing: {
      data: { path: string }[] | null;
      pagination: { size: number; total: number };
    } = JSON.parse(
      new TextDecoder().decode(await getBytes(options, `objects/ls?${query}`)),
    );
    for (const { path } of listing.data ?? []) keys.add(path);
    if (
      listing.data === null ||
      page * listing.pagination.size >= listing.pagination.total
    ) return keys;
  }
}

async function getObject(
  options: CompareOptions,
  key: string,
): Promise<Uint8Array> {
  return await getBytes(
    options,
    `objects?${new URLSearchParams({ path: `${options.nodePath}/${key}` })}`,
  );
}

async function getBytes(
  { host, apiKey }: CompareOptions,
  call: string,
): Promise<Uint8Array> {
  const response = await fetch(`${host}/apis/v1/${call}&apikey=${apiKey}`, {
    redirect: "manual",
  });
  const body = await response.bytes();
  if (response.status === 200) return body;
  throw new Error(
    `Cannot get "${call}" from "${host}": ${response.status} ${
      new TextDecoder().decode(body)
    }`,
  );
}
