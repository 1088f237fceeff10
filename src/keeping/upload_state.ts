import { readIntents, type RememberedIntent } from "../upload/notes/intent.ts";
import { wantedOf } from "../sync/due_places.ts";
import { uploadAgain } from "../upload/upload_command.ts";
import type { LocalNode } from "./kept_directory.ts";

/** A place where a directory is to be, and whether it is known to be there. */
export interface PlaceState {
  /** The server's address. */
  readonly host: string;
  /** The folder as it was asked for. */
  readonly folder: string;
  /** The node's path, once it was placed. */
  readonly node: string | undefined;
  /** Whether the server was known to have all of the directory as it is now. */
  readonly isWhole: boolean;
}

/** How far the upload of a directory is, by what is noted next to it. No server is asked. */
export interface UploadState {
  /**
   * `whole`: every server that was to have it was known to have all of it. `running`: a process writes it. `pending`:
   * something is to be sent. `refused`: a server did not want something. `not-asked`: nobody asked for an upload.
   */
  readonly state: "whole" | "running" | "pending" | "refused" | "not-asked";
  /** Why, in a few words; empty where there is nothing to say. */
  readonly reason: string;
  /** Since when, RFC 3339; undefined where there is nothing to say. */
  readonly since: string | undefined;
  /** How much is to be sent at most, in bytes: what the server has of it is not known here. */
  readonly pendingBytes: number;
  /** The places, the latest first. */
  readonly places: readonly PlaceState[];
  /** The command that completes it; undefined if there is nothing to complete. */
  readonly command: string | undefined;
}

/**
 * Finds out how far the upload of a directory is.
 *
 * @param kept The directory.
 * @returns How far.
 */
export async function uploadStateOf(kept: LocalNode): Promise<UploadState> {
  const { path } = kept;
  const known = readIntents(path);
  // To look at all files takes longest, and is of use only where somebody had all of them once.
  const isFinished = known.some(({ whole }) => whole !== undefined);
  const now = isFinished ? await kept.fingerprint() : undefined;
  const isWhole = ({ whole }: RememberedIntent) =>
    whole !== undefined && whole === now;
  const places = known.map((place) => ({
    host: place.host,
    folder: place.folder,
    node: place.node?.path,
    isWhole: isWhole(place),
  }));
  const wanted = wantedOf(known);
  const [due] = wanted.filter((place) => !isWhole(place));
  const common = { places, pendingBytes: due === undefined ? 0 : kept.bytes };
  if (kept.life === "live") {
    return { ...common, ...running(kept, wanted[0]) };
  }
  if (wanted.length === 0) {
    return {
      ...common,
      state: "not-asked",
      reason: "never to be uploaded",
      since: kept.created,
      command: uploadAgain(path, "upload"),
    };
  }
  if (due === undefined) {
    return {
      ...common,
      state: "whole",
      reason: "",
      since: undefined,
      command: undefined,
    };
  }
  return { ...common, ...unfinished(kept, due) };
}

type Said = Pick<UploadState, "state" | "reason" | "since" | "command">;

function running(
  { pid, created, path, isLeftToRanks }: LocalNode,
  place: RememberedIntent | undefined,
): Said {
  const who = pid === undefined || pid === 0
    ? "another process writes it"
    : `process ${pid} writes it${isLeftToRanks ? " as a rank" : ""}`;
  const isDelivered = place?.deliveredBy !== undefined && !isLeftToRanks;
  return {
    state: "running",
    reason: place === undefined
      ? `${who}, never to be uploaded`
      : isDelivered
      ? `${who} and delivers it`
      : who,
    since: created,
    command: place === undefined || isDelivered
      ? undefined
      : uploadAgain(path, "sync"),
  };
}

function unfinished(kept: LocalNode, place: RememberedIntent): Said {
  const { path, life, created } = kept;
  const { trouble, whole, host, node } = place;
  const state = trouble?.state ?? "pending";
  const wasKilled = life === "killed" ? "its process was killed; " : "";
  const why = trouble !== undefined
    ? trouble.reason
    : whole !== undefined
    ? `changed since ${host} had all of it`
    : node === undefined
    ? `not placed on ${host} yet`
    : `not known to be whole on ${host}`;
  return {
    state,
    reason: wasKilled + why,
    since: trouble?.since ??
      (whole === undefined ? created : new Date(kept.lastMs).toISOString()),
    command: uploadAgain(path, state === "refused" ? "upload" : "sync"),
  };
}
