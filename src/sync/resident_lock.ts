import { basename, join, resolve } from "@std/path";
import { EmError } from "../errors.ts";
import { isAlternativeName } from "../format/names.ts";
import { STATE_DIR, stateDir } from "../local/layout.ts";

const FILE = "sync.lock";

/**
 * Makes this process the only resident of a directory. The operating system ends the claim with the process, however that
 * ends.
 *
 * @param path The directory of all runs, or all artifacts; made if it is missing.
 * @returns The claim.
 * @throws {EmError} If another process is the resident.
 */
export function becomeResident(path: string): Disposable {
  const dir = resolve(path);
  const state = isAlternativeName(basename(dir))
    ? stateDir(dir)
    : join(dir, STATE_DIR);
  Deno.mkdirSync(state, { recursive: true });
  const note = join(state, FILE);
  const file = Deno.openSync(note, { read: true, write: true, create: true });
  if (!file.tryLockSync(true)) {
    file.close();
    const pid = /^\d+/.exec(Deno.readTextFileSync(note))?.[0];
    const who = pid === undefined ? "another process" : `process ${pid}`;
    throw new EmError("in-use", `"${path}" is being watched by ${who} already`);
  }
  file.truncateSync(0);
  file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
  return file;
}
