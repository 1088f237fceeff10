import { stateDir } from "../local/layout.ts";
import { hold } from "../local/owner.ts";
import { hideRemoved, removeLeft } from "../local/staged_directory.ts";
import { Turn } from "../upload/notes/turn.ts";
import type { KeptDirectory } from "./kept_directory.ts";
import { liveRank } from "./live_rank.ts";

/** What {@linkcode removeKept} makes sure of. */
export interface RemoveOptions {
  /** Asked, while nobody else can write or upload the directory, whether it may go. Default: it may. */
  readonly mayGo?: () => Promise<boolean>;
}

/**
 * Removes the directory of a run or an artifact from this machine, with what is noted next to it, unless somebody is at
 * work on it. It vanishes at once: no half of it is ever seen.
 *
 * @param kept The directory.
 * @param options What is to be made sure of.
 * @returns Why it was not removed, or undefined if it was.
 */
export async function removeKept(
  kept: KeptDirectory,
  { mayGo = () => Promise.resolve(true) }: RemoveOptions = {},
): Promise<string | undefined> {
  const { path, kind } = kept;
  const state = stateDir(path);
  await Deno.mkdir(state, { recursive: true });
  const held = kind === "Run" ? hold(path) : undefined;
  if (kind === "Run" && held === undefined) {
    return "a process writes it";
  }
  const turn = new Turn(path);
  try {
    if (turn.take() === "busy") return turn.obstacle ?? "it is being uploaded";
    if (!await mayGo()) return "it has changed meanwhile, here or there";
    const rank = kind === "Run" ? liveRank(path) : undefined;
    if (rank !== undefined) return `process ${rank.pid} writes it as a rank`;
    hideRemoved(path);
    removeLeft(path);
  } finally {
    turn.give();
    held?.release({ forgetOwner: false });
  }
  await Deno.remove(state, { recursive: true });
  return undefined;
}
