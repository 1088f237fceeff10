import type { Entrance } from "../gate/persist.ts";
import type { Turn } from "../notes/turn.ts";
import type { StoredObjects } from "../sending/stored_objects.ts";

/** What a {@linkcode TurnEntrance} works with. */
export interface TurnEntranceOptions {
  /** Whether the server may be asked. */
  readonly gate: Entrance;
  /** Whose turn it is. */
  readonly turn: Turn;
  /** What the server holds. */
  readonly stored: StoredObjects;
  /** Whether nothing is under way, so that the turn can be given. */
  readonly isIdle: () => boolean;
}

/** While somebody else has the turn, ask this often for it, in milliseconds. */
const TURN_POLL_MS = 100;

/** The way to the server for requests that concern a whole directory: they are made in this delivery's turn alone. */
export class TurnEntrance implements Entrance {
  readonly #options: TurnEntranceOptions;

  /** @param options What to work with. */
  constructor(options: TurnEntranceOptions) {
    this.#options = options;
  }

  tryEnter(nowMs: number): number {
    const { gate, turn, stored, isIdle } = this.#options;
    const taken = turn.take();
    if (taken === "busy") return TURN_POLL_MS;
    if (taken === "taken after another") stored.doubtAll();
    const waitMs = gate.tryEnter(nowMs);
    if (waitMs > 0 && isIdle()) turn.give();
    return waitMs;
  }

  succeeded(): void {
    this.#options.gate.succeeded();
  }

  refused(error: unknown): void {
    this.#options.gate.refused(error);
  }

  left(): void {
    this.#options.gate.left();
  }

  failed(error: unknown, nowMs: number, afterMs?: number): void {
    this.#options.gate.failed(error, nowMs, afterMs);
  }
}
