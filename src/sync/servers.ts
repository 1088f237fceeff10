import { AIStoreClient } from "../aistore/client.ts";
import { requireNetPermission } from "../aistore/host.ts";
import { type ResolvedTarget, resolveTarget } from "../aistore/session.ts";

/** Finds out, once for each server, whether it is there and takes the key: an upload would wait for it without end. */
export class Servers {
  readonly #checks = new Map<string, Promise<ResolvedTarget>>();

  /**
   * Makes sure of a server.
   *
   * @param host The server's address; undefined for the configuration's.
   * @param signal Ends the check.
   * @returns The server, and the key to it.
   * @throws {EmError} If no key is known for it, or it does not answer, or refuses the key.
   */
  check(
    host: string | undefined,
    signal?: AbortSignal,
  ): Promise<ResolvedTarget> {
    const key = host ?? "";
    let check = this.#checks.get(key);
    if (check === undefined) {
      this.#checks.set(key, check = ask(host, signal));
    }
    return check;
  }

  /**
   * Forgets what is known of a server, because it has not answered for long.
   *
   * @param host The server's address.
   */
  forget(host: string | undefined): void {
    this.#checks.delete(host ?? "");
  }
}

async function ask(
  host: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ResolvedTarget> {
  const target = await resolveTarget(host === undefined ? {} : { host });
  requireNetPermission(target.host);
  await new AIStoreClient(target).userInfo({ signal });
  return target;
}
