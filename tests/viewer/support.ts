import { cpSync } from "node:fs";
import { fromFileUrl, join } from "@std/path";
import { createReporter } from "../../src/reporter.ts";
import {
  encodeRunMetadata,
  type RunMetadata,
} from "../../src/format/metadata.ts";
import { WEB_PREFIX } from "../../src/aistore/protocol.ts";
import {
  type RunningViewer,
  startViewer,
  type ViewerOptions,
} from "../../src/viewer/start_viewer.ts";
import { ROOT } from "../support/script.ts";

/** A viewer on a socket. */
export interface TestViewer extends AsyncDisposable {
  readonly viewer: RunningViewer;
  /** What it reported. */
  readonly reports: readonly string[];
  /** Sends a request below the API's address. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a request that must succeed, and reads the JSON answer. */
  // deno-lint-ignore no-explicit-any -- tests look into it freely
  json(path: string): Promise<any>;
  /** Sends a request and reads the answer as `<status> <text>`. */
  text(path: string, init?: RequestInit): Promise<string>;
  /** What the pages are told of who is signed in. */
  // deno-lint-ignore no-explicit-any -- tests look into it freely
  session(): Promise<any>;
}

/** Starts a viewer: `await using viewer = await testViewer(dir)`. */
export async function testViewer(
  dir: string,
  options: Omit<ViewerOptions, "dir"> = {},
): Promise<TestViewer> {
  const reports: string[] = [];
  const viewer = await startViewer({
    port: 0,
    reporter: createReporter((line) => reports.push(line)),
    ...options,
    dir,
  });
  const send = (path: string, init?: RequestInit) =>
    fetch(viewer.apiUrl + path, init);
  return {
    viewer,
    reports,
    fetch: send,
    async json(path) {
      const answer = await send(path);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
      return JSON.parse(text);
    },
    async text(path, init) {
      const answer = await send(path, init);
      return `${answer.status} ${await answer.text()}`;
    },
    async session() {
      const url = new URL(`${WEB_PREFIX}/session`, viewer.apiUrl);
      return await (await fetch(url)).json();
    },
    [Symbol.asyncDispose]: () => viewer.shutdown(),
  };
}

/** Copies a fixture, which the Python SDK has written, with its times. */
export function copyFixture(name: string, to: string): void {
  const from = fromFileUrl(new URL(`tests/fixtures/${name}`, ROOT));
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}

/** Makes a run directory, and answers with it. */
export function makeRun(
  parent: string,
  name: string,
  metadata: Partial<RunMetadata> = {},
): string {
  const dir = join(parent, name);
  Deno.mkdirSync(join(dir, "metrics"), { recursive: true });
  writeMetadata(dir, { alternativeName: name, ...metadata });
  return dir;
}

/** Writes a run's metadata as the SDK does: whole, under another name, then renamed. */
export function writeMetadata(
  dir: string,
  metadata: Partial<RunMetadata> = {},
): void {
  const temporary = `${dir}.new`;
  Deno.writeTextFileSync(
    temporary,
    encodeRunMetadata({
      kind: "Run",
      name: "r",
      labels: [],
      description: "",
      startTimestamp: "2026-11-23T08:21:18.167046+00:00",
      endTimestamp: "2026-11-23T08:22:18.000000+00:00",
      status: "Complete",
      alternativeName: "r_261123_082118_6fauz3",
      associations: { input: [], output: [] },
      remote: [],
      ...metadata,
    }),
  );
  Deno.renameSync(temporary, join(dir, "metadata.yaml"));
}

/** A metric record as the SDKs write it. */
export function record(step: number, value: number): string {
  return `- value:\n    loss: ${
    value.toFixed(3)
  }\n  sequence:\n    epoch: null\n    step: ${step}\n` +
    `    timestamp: '2026-11-23T08:21:19.000001+00:00'\n`;
}

/** Appends to a file. */
export function append(path: string, text: string): void {
  Deno.writeTextFileSync(path, text, { append: true });
}

/** Everything below a directory with what a write would change. */
export function listing(dir: string, below = ""): string[] {
  const lines: string[] = [];
  const at = join(dir, below);
  const { mtime, ctime, mode, ino } = Deno.lstatSync(at);
  lines.push([below, mtime?.getTime(), ctime?.getTime(), mode, ino].join(" "));
  if (!Deno.lstatSync(at).isDirectory) return lines;
  for (const { name } of Deno.readDirSync(at)) {
    lines.push(...listing(dir, below === "" ? name : `${below}/${name}`));
  }
  return lines.sort();
}
