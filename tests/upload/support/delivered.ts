import { assertEquals } from "@std/assert";
import type { SeenCall, StandIn } from "./stand_in.ts";
import { NODE_PATH, type RunDir } from "./support.ts";

/** The files of a run. */
export const FILES = {
  "metadata.yaml": "status: Running\n",
  "index.yaml": "metrics: {}\n",
  "metrics/train.yaml": "- 1\n",
  "models/中 文/w&+%.bin": "weights",
  "empty.log": "",
};

/** The threads that a delivery may live on. */
export const MODES = ["main", "worker"] as const;

/** How long to wait for what comes. */
export const WAIT = { timeoutMs: 10_000 };

/** Asserts that the server holds exactly what the directory holds. */
export function assertDelivered(
  server: StandIn,
  dir: RunDir,
  keys: Iterable<string>,
): void {
  for (const key of keys) {
    assertEquals(
      server.text(`${NODE_PATH}/${key}`),
      Deno.readTextFileSync(`${dir.path}/${key}`),
      key,
    );
  }
}

/** Whether a request sends an object. */
export function isObjectPut({ method, path }: SeenCall): boolean {
  return method === "POST" && path === "/apis/v1/objects";
}
