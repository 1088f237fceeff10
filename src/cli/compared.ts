import { basename } from "@std/path";
import type { KeptDirectory } from "../keeping/kept_directory.ts";
import type { Proof } from "../keeping/prove_whole.ts";
import { isDirectory } from "../local/is_directory.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { localNodes } from "./local_nodes.ts";
import { openServer, type ServerPlace } from "./server_place.ts";

/** A directory that can be compared with a node on a server. */
export interface Compared {
  /** The directory, as a person would write it. */
  readonly path: string;
  /** The server's address, where one is known. */
  readonly host?: string;
  /** The node's path, where it is known. */
  readonly node?: string;
  /** Compares them; throws a `CliFailure` or an `EmError` that says why that cannot be done. */
  readonly prove: () => Promise<Proof>;
}

/** Where {@linkcode comparable} looks. */
export interface CompareOptions {
  /** Where the environment is. */
  readonly io: CliIo;
  /** The server's address. Default: where a directory was uploaded to last. */
  readonly host?: string | undefined;
  /** Whether objects of any size are read back whose checksum proves nothing. Default: small ones are. */
  readonly read?: boolean | undefined;
}

/**
 * Finds what can be compared with a server.
 *
 * @param paths Directories of runs and artifacts, parents of such directories, or paths on the server.
 * @param options Where to look.
 * @returns Each directory with the node that is to hold it.
 */
export async function* comparable(
  paths: readonly string[],
  options: CompareOptions,
): AsyncGenerator<Compared> {
  const servers = new ServerPlaces(options.io);
  for (const path of paths) {
    if (!isDirectory(path)) {
      yield await fromServer(path, { ...options, servers });
      continue;
    }
    const dirs = await localNodes([path]);
    if (dirs.length === 0) {
      yield failing(path, "it is no run and no artifact, and holds none");
    }
    for (const dir of dirs) yield await fromHere(dir, { ...options, servers });
  }
}

/** The servers that one command works on; each is asked once. */
export class ServerPlaces {
  readonly #io: CliIo;
  readonly #open = new Map<string, Promise<ServerPlace>>();

  /** @param io Where the environment is. */
  constructor(io: CliIo) {
    this.#io = io;
  }

  /**
   * Opens a server.
   *
   * @param host Its address. Default: the current context's.
   * @returns The server.
   */
  get(host?: string): Promise<ServerPlace> {
    const key = host ?? "";
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const opened = openServer(this.#io, host);
    this.#open.set(key, opened);
    return opened;
  }
}

interface Search extends CompareOptions {
  readonly servers: ServerPlaces;
}

async function fromHere(dir: string, search: Search): Promise<Compared> {
  const { shownPath } = await import("../local/shown_path.ts");
  const { readKept } = await import("../keeping/kept_directory.ts");
  const { EmError } = await import("../errors.ts");
  const path = shownPath(dir);
  try {
    return { path, ...await placeOfKept(readKept(dir), search) };
  } catch (error) {
    if (error instanceof EmError || error instanceof CliFailure) {
      return failing(path, error);
    }
    throw error;
  }
}

async function placeOfKept(
  kept: KeptDirectory,
  { host, servers, read }: Search,
): Promise<Omit<Compared, "path">> {
  const { knownNodes } = await import("../keeping/known_nodes.ts");
  const { isSameHost } = await import("../config/same_host.ts");
  const place = knownNodes(kept).find((one) =>
    host === undefined || isSameHost(host, one.host)
  );
  if (place === undefined) {
    const where = host === undefined ? "any server" : host;
    throw new CliFailure(`it was never uploaded to ${where}`);
  }
  const { client } = await servers.get(place.host);
  const node = await client.node(place.id);
  if (node === undefined) {
    throw new CliFailure(`its node ${place.id} is gone from ${place.host}`);
  }
  return {
    host: place.host,
    node: node.path,
    prove: () => proveShown(kept, { client, node: node.path, read }),
  };
}

async function fromServer(
  path: string,
  { host, servers, read }: Search,
): Promise<Compared> {
  const { client, node: find } = await servers.get(host);
  const { alternativeNameOf } = await import("../aistore/alternative_name.ts");
  const node = await find(path);
  const name = alternativeNameOf(node.extra);
  const dirs = (await localNodes([])).filter((dir) => basename(dir) === name);
  const [dir] = dirs;
  if (name === undefined || dir === undefined) {
    return failing(path, `"${node.path}" is not on this machine`);
  }
  const { shownPath } = await import("../local/shown_path.ts");
  const { readKept } = await import("../keeping/kept_directory.ts");
  const kept = readKept(dir);
  return {
    path: shownPath(dir),
    host: client.host,
    node: node.path,
    prove: () => proveShown(kept, { client, node: node.path, read }),
  };
}

function failing(path: string, reason: string | Error): Compared {
  const error = typeof reason === "string" ? new CliFailure(reason) : reason;
  return { path, prove: () => Promise.reject(error) };
}

/**
 * Compares a directory with a node, and shows how far that has come.
 *
 * @param kept The directory.
 * @param place The node.
 * @returns What it has shown.
 */
export async function proveShown(
  { path, alternativeName }: KeptDirectory,
  place: Pick<ServerPlace, "client"> & {
    readonly node: string;
    readonly read?: boolean | undefined;
  },
): Promise<Proof> {
  const { proveWhole } = await import("../keeping/prove_whole.ts");
  const { showProgress } = await import("../progress.ts");
  let state: { doneBytes: number; totalBytes: number } | undefined;
  using _shown = showProgress({
    title: `Comparing "${alternativeName}"`,
    look: () => state,
  });
  return await proveWhole(path, {
    ...place,
    onProgress: (doneBytes, totalBytes) => state = { doneBytes, totalBytes },
  });
}
