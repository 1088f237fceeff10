import { readOwner } from "../local/owner.ts";
import { fingerprint } from "../local/fingerprint.ts";
import { readIntents, type RememberedIntent } from "../upload/notes/intent.ts";
import type { DestinationOptions } from "../upload/placing/resolve_destination.ts";

/**
 * Where a directory is to be uploaded to: the place that was asked for last, and each earlier one that never had all of it.
 *
 * @param dir The directory.
 * @returns The places, the latest first; none if no upload was ever asked for.
 */
export function wantedPlaces(dir: string): readonly RememberedIntent[] {
  return wantedOf(readIntents(dir));
}

/**
 * The same of all places that are noted.
 *
 * @param places The places, the latest first.
 * @returns Those that are to have the directory.
 */
export function wantedOf(
  places: readonly RememberedIntent[],
): readonly RememberedIntent[] {
  return places.filter(({ whole }, index) =>
    index === 0 || whole === undefined
  );
}

/**
 * Leaves out the places that are known to have all of a directory.
 *
 * @param dir The directory.
 * @param places The places.
 * @returns Those that are not.
 */
export async function unfinished(
  dir: string,
  places: readonly RememberedIntent[],
): Promise<readonly RememberedIntent[]> {
  const now = await fingerprint(dir);
  return places.filter(({ whole }) => whole === undefined || whole !== now);
}

/**
 * Tells whether the process that writes a run also delivers it.
 *
 * @param dir The run directory.
 * @param places Where it is to be uploaded to.
 * @returns Whether it needs nobody else while it lives.
 */
export function deliversItself(
  dir: string,
  [latest]: readonly RememberedIntent[],
): boolean {
  const owner = readOwner(dir);
  return owner?.alive === true && latest?.deliveredBy === owner.since;
}

/**
 * What to ask for so that a directory goes to a place.
 *
 * @param place The place.
 * @returns The options.
 */
export function destinationOf(place: RememberedIntent): DestinationOptions {
  const { host, folder, makeFolder, conflictStrategy } = place;
  return { host, folder, makeFolder, conflictStrategy };
}
