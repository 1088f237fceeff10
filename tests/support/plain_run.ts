import { basename, join } from "@std/path";
import type { AIStoreClient } from "../../src/aistore/client.ts";
import { makeFolders } from "../../src/aistore/folders.ts";
import { encodeGit, encodePlatform } from "../../src/format/environment.ts";
import {
  encodeRunMetadata,
  type RunMetadata,
} from "../../src/format/metadata.ts";
import { alternativeName } from "../../src/format/names.ts";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";
import { encodeIndex } from "../../src/format/run_index.ts";
import { stringifyYaml } from "../../src/format/yaml_writer.ts";
import type { YamlMap } from "../../src/format/yaml_value.ts";
import { filesOf } from "./em_server.ts";

/** What a run that {@linkcode writeRun} writes holds. */
export interface PlainRun {
  readonly metadata?: Partial<RunMetadata>;
  readonly hparams?: YamlMap;
  /** The values of each metric by type; their steps are 0, 1, 2 and so on. */
  readonly metrics?: Readonly<
    Record<string, Readonly<Record<string, readonly number[]>>>
  >;
  readonly log?: string;
}

const STARTED = "2026-11-23T08:21:18.000001+00:00";

/** Writes a run directory, as a run that took 65 s leaves it, and gives its path. */
export function writeRun(parent: string, run: PlainRun = {}): string {
  const name = run.metadata?.name ?? "plain";
  const alternative = alternativeName(name, {
    now: new Date(),
    random: (bytes) => void crypto.getRandomValues(bytes),
  });
  const dir = join(parent, alternative);
  Deno.mkdirSync(join(dir, "metrics"), { recursive: true });
  const write = (file: string, text: string) =>
    Deno.writeTextFileSync(join(dir, file), text);
  const metadata: RunMetadata = {
    kind: "Run",
    name,
    labels: [],
    description: "",
    startTimestamp: STARTED,
    endTimestamp: "2026-11-23T08:22:23.000001+00:00",
    status: "Complete",
    alternativeName: alternative,
    associations: { input: [], output: [] },
    remote: [],
    ...run.metadata,
  };
  write("metadata.yaml", encodeRunMetadata(metadata));
  write("hyperparameters.yaml", stringifyYaml(run.hparams ?? {}));
  write("index.yaml", encodeIndex(Object.keys(run.metrics ?? {})));
  write("platform.yaml", encodePlatform(PLATFORM));
  write("git.yaml", encodeGit(GIT));
  write("stdout.log", run.log ?? "");
  for (const [type, series] of Object.entries(run.metrics ?? {})) {
    write(`metrics/${type}.yaml`, recordsOf(series));
  }
  return dir;
}

/** The text of a metrics file. */
export function recordsOf(
  series: Readonly<Record<string, readonly number[]>>,
): string {
  const encode = createRecordEncoder();
  const decoder = new TextDecoder();
  const length = Math.max(
    0,
    ...Object.values(series).map(({ length }) => length),
  );
  let text = "";
  for (let step = 0; step < length; step++) {
    const values = Object.entries(series)
      .filter(([, { length }]) => step < length)
      .map(([name, values]) => [name, values[step] as number]);
    text += decoder.decode(encode(Object.fromEntries(values), step, 1));
  }
  return text;
}

/** Puts a directory as a node into a folder of a server, and gives the node's path. */
export async function putNode(
  client: AIStoreClient,
  dir: string,
  { folder, name = basename(dir) }: {
    readonly folder: string;
    readonly name?: string;
  },
): Promise<string> {
  await makeFolders(client, folder);
  await client.createNode({
    parent: folder,
    name,
    labels: [],
    description: "",
    type: "Run",
    extra: JSON.stringify({ alternativeName: basename(dir) }),
  });
  const path = `${folder}/${name}`;
  for (const [file, text] of filesOf(dir)) {
    await client.putObject(`${path}/${file}`, new TextEncoder().encode(text));
  }
  return path;
}

const PLATFORM = {
  hostname: "gpu1",
  os: "Linux",
  python: null,
  pypkgs: {},
  framework: "",
  deno: "2.9.6",
  v8: "14.0",
  typescript: "5.9.2",
};

const GIT = {
  repo_path: "/home/ada/cnn",
  remote_url: "https://git.example.com/ada/cnn.git",
  branch: "main",
  commit: "0123456789abcdef0123456789abcdef01234567",
  is_dirty: true,
  entrypoint: "train.ts",
};
