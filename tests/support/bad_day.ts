import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import type { Fault, RequestInfo } from "./faulty_server.ts";
import type { LiveResult } from "./live_script.ts";
import {
  checksumsOf,
  localChecksums,
  type ShakyServer,
} from "./shaky_server.ts";
import { waitFor } from "./wait_for.ts";

/** Whether a request sends an object, or the end of one. */
export function isPut({ method, path }: RequestInfo): boolean {
  return /^(POST|PATCH)$/.test(method) && path === "/apis/v1/objects";
}

/** An answer in the place of the server's own. */
export function answer(
  status: number,
  body = "",
  headers: Record<string, string> = {},
): Fault {
  return { kind: "answer", status, body, headers };
}

/** Asserts what holds on every bad day: no crash, no key, no stack trace, nothing on stderr but the library's own lines. */
export function assertCalm(result: LiveResult, apiKey: string): void {
  assertEquals([result.code, result.signal], [0, null], result.stderr);
  assert(
    !(result.stderr + result.stdout).includes(apiKey),
    "the key is secret",
  );
  const others = result.stderr.split("\n").filter((line) =>
    line !== "" && !/^EM (INFO|WARNING): /.test(line)
  );
  assertEquals(others, [], "nothing else is said");
  assertEquals(
    result.warnings.length,
    new Set(result.warnings).size,
    "each warning once",
  );
}

/** Asserts that a node on the server holds what a run directory holds. */
export async function assertWhole(
  server: Pick<ShakyServer, "client">,
  node: string,
  run: string,
): Promise<void> {
  assertEquals(await checksumsOf(server.client, node), localChecksums(run));
}

/** Asserts that a run holds every record from the first to the last. */
export function assertNoGap(run: string): void {
  const { records, problem } = parseMetrics(
    Deno.readFileSync(join(run, "metrics/train.yaml")),
  );
  assertEquals(problem, undefined);
  assertEquals(
    records.map(({ sequence }) => sequence.step),
    records.map((_, index) => index + 1),
  );
}

/** Waits until there is an object: `path` is its node's path, a blank, and its key. */
export async function arrived(
  server: ShakyServer,
  path: string,
): Promise<void> {
  const [node = "", key = ""] = path.split(" ");
  await waitFor(
    path,
    async () =>
      (await checksumsOf(server.client, node))[key] === undefined
        ? undefined
        : true,
  );
}

/** A file's size in bytes. */
export function sizeOf(file: string): number {
  return Deno.statSync(file).size;
}

/** Flags with which the package's own modules cannot be read, so that delivery shares the script's thread. */
export function mainThreadFlags(dir: string): string[] {
  return [
    "--allow-net",
    "--allow-env",
    "--allow-sys",
    "--allow-run=git",
    `--allow-read=${dir}`,
    `--allow-write=${dir}`,
  ];
}
