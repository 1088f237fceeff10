import { AuthenticationError, type EmError } from "../../errors.ts";
import { gateOf, type HostGate, keyGateOf, refusalGate } from "./host_gate.ts";
import type { Entrance } from "./persist.ts";
import { asEmError } from "./refusal.ts";
import type { Target } from "../types.ts";

/** Something that works again: the server, the key, or what the key was denied. */
export interface Recovery {
  /** What. */
  readonly of: "server" | "key" | "node";
  /** For how long it did not, in milliseconds. */
  readonly awayMs: number;
}

/** The gates that one delivery passes. */
export interface Gates {
  /** The server's, which all deliveries to it share. */
  readonly host: HostGate;
  /** The key's, which all deliveries with it share. */
  readonly key: HostGate;
  /** That of what the key may be denied, which is this delivery's own. */
  readonly node: HostGate;
}

/**
 * Who has to wait asks again this often, in milliseconds: the pause may be over before its time, because another request
 * has succeeded, or because somebody is in a hurry.
 */
const POLL_MS = 1000;

/**
 * Whether one delivery may ask the server: not while the server fails or refuses the key, which concerns all deliveries of
 * this process, nor while it denies something, which concerns this node alone.
 */
export class DeliveryGate implements Entrance {
  readonly #gates: Gates;
  readonly #all: readonly HostGate[];

  /** @param gates The gates; or the server and the key, whose gates are shared. */
  constructor(gates: Gates | Target) {
    this.#gates = "apiKey" in gates
      ? {
        host: gateOf(gates.host),
        key: keyGateOf(gates),
        node: refusalGate(),
      }
      : gates;
    const { node, key, host } = this.#gates;
    this.#all = [node, key, host];
  }

  /** Why the last request failed; undefined while all is well. */
  get trouble(): EmError | undefined {
    return this.#all.find(({ trouble }) => trouble !== undefined)?.trouble;
  }

  /**
   * Asks whether a request may be made now. If so, {@linkcode succeeded}, {@linkcode failed} or {@linkcode left} must
   * follow.
   *
   * @param nowMs The time.
   * @returns How long to wait until it is of use to ask again, in milliseconds; 0 for not at all.
   */
  tryEnter(nowMs: number): number {
    const entered: HostGate[] = [];
    for (const gate of this.#all) {
      const waitMs = gate.tryEnter(nowMs);
      if (waitMs > 0) {
        for (const one of entered) one.left();
        return Math.min(waitMs, POLL_MS);
      }
      entered.push(gate);
    }
    return 0;
  }

  /** Ends a pause: somebody waits. A pause that the server asked for is kept. */
  hurry(): void {
    for (const gate of this.#all) gate.hurry();
  }

  /** Ends a pause that a refused key has caused: somebody waits for a word on it. */
  hurryKey(): void {
    this.#gates.key.hurry();
  }

  /** Says that the server answered as it should. */
  succeeded(): void {
    for (const gate of this.#all) gate.succeeded();
  }

  /**
   * Says that the server refused something for good: it works, and takes the key unless that is why.
   *
   * @param error Why.
   */
  refused(error: unknown): void {
    if (!(error instanceof AuthenticationError)) return this.succeeded();
    this.left();
    this.#gates.host.succeeded();
  }

  /**
   * Asks whether the user is to be told of the trouble.
   *
   * @param nowMs The time.
   * @returns Whether it is worth a word.
   */
  tellsTrouble(nowMs: number): boolean {
    return this.#all.some((gate) => gate.tellsTrouble(nowMs));
  }

  /**
   * Asks, once, what works again of which the user was told that it did not.
   *
   * @param nowMs The time.
   * @returns What works again.
   */
  takeRecovery(nowMs: number): Recovery | undefined {
    let recovery: Recovery | undefined;
    for (const name of ["host", "key", "node"] as const) {
      const awayMs = this.#gates[name].takeRecovery(nowMs);
      if (awayMs === undefined) continue;
      recovery = { of: name === "host" ? "server" : name, awayMs };
    }
    return recovery;
  }

  /** Says that a request was given up without an answer. */
  left(): void {
    for (const gate of this.#all) gate.left();
  }

  /**
   * Says that a request failed.
   *
   * @param error Why.
   * @param nowMs The time.
   * @param afterMs How long the server asked to be left alone, in milliseconds.
   */
  failed(error: unknown, nowMs: number, afterMs?: number): void {
    const { host, key, node } = this.#gates;
    const gate = !(error instanceof AuthenticationError)
      ? host
      : error.isDenial
      ? node
      : key;
    // What came before the one that failed has done its part.
    if (gate === host) key.left();
    else host.succeeded();
    if (gate === node) key.succeeded();
    else node.left();
    gate.failed(nowMs, afterMs);
    gate.trouble = asEmError(error);
  }
}
