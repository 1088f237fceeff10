import type { Clock } from "../../aistore/backoff.ts";
import type { EmError } from "../../errors.ts";
import type { Reporter } from "../../reporter.ts";
import type { DeliveryGate } from "../gate/delivery_gate.ts";
import type { PlacedNode } from "../types.ts";

/** Whom a follower tells what. */
export interface FollowerHooks {
  /** Takes what the user is to know. */
  readonly reporter: Reporter;
  /** Is told of the node; awaited before any object is sent. */
  readonly onPlaced: (node: PlacedNode) => void | Promise<void>;
  /** Is told that there will be no node, because the name is taken. */
  readonly onSkipped: (path: string) => void;
  /** Is told that the server refuses the node. */
  readonly onRefused: (error: EmError) => void;
}

/** What tests put in place of the real things. */
export interface FollowerParts {
  /** The time. Default: the real one. */
  readonly clock?: Clock;
  /** Whether the server may be asked. Default: the gate of the server. */
  readonly gate?: DeliveryGate;
}
