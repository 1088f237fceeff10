import { assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { decodeArtifactMetadata } from "../../../src/format/artifact_metadata.ts";
import {
  type Association,
  encodeRunMetadata,
  type RunMetadata,
} from "../../../src/format/metadata.ts";
import { openArtifact } from "../../../src/upload/lineage/artifact_source.ts";
import { deliverOnce } from "../../../src/upload/delivering/deliver_once.ts";
import type {
  DeliverOnceOptions,
  NodeSpec,
  UploadReport,
} from "../../../src/upload/types.ts";
import { tempDir } from "../../support/temp_dir.ts";
import type { RealServer } from "./real_server.ts";
import { INTENT, Told } from "./support.ts";

/** A run directory and the artifacts beside it, as createRun and createArtifact leave them. */
export class Project implements Disposable {
  readonly #root = tempDir();
  readonly run = join(this.#root.path, "runs", "cnn_261123_082547_iz4yni");
  readonly node: NodeSpec = {
    type: "Run",
    name: "cnn",
    alternativeName: basename(this.run),
    labels: [],
    description: "",
  };
  #metadata: RunMetadata = {
    kind: "Run",
    name: "cnn",
    labels: [],
    description: "",
    startTimestamp: "2026-11-23T08:21:18.167046+00:00",
    endTimestamp: null,
    status: "Running",
    alternativeName: basename(this.run),
    associations: { input: [], output: [] },
    remote: [],
  };

  constructor() {
    Deno.mkdirSync(this.run, { recursive: true });
    this.#save();
  }

  /** Makes an artifact; its directory. */
  artifact(name: string, files: Record<string, string>): string {
    const dir = join(
      this.#root.path,
      "artifacts",
      `${name}_261123_082619_5n2zan`,
    );
    Deno.mkdirSync(dir, { recursive: true });
    Deno.writeTextFileSync(
      join(dir, "metadata.yaml"),
      `kind: Artifact\nname: ${name}\nlabels: []\ndescription: ''\ncreatedTimestamp: '2026-11-23T08:21:18.167046+00:00'\n` +
        `alternativeName: ${basename(dir)}\nremote: []\n`,
    );
    for (const [key, text] of Object.entries(files)) {
      Deno.writeTextFileSync(join(dir, key), text);
    }
    return dir;
  }

  mark(role: "input" | "output", ...items: (string | Association)[]): void {
    const marked = items.map((item): Association =>
      typeof item === "string"
        ? { kind: "Artifact", name: basename(item), localDir: item }
        : item
    );
    const { associations } = this.#metadata;
    this.#metadata = {
      ...this.#metadata,
      associations: {
        ...associations,
        [role]: [...associations[role], ...marked],
      },
    };
    this.#save();
  }

  upload(
    target: DeliverOnceOptions["target"],
    more: Partial<DeliverOnceOptions> = {},
  ): Promise<UploadReport> {
    return deliverOnce({
      dir: this.run,
      node: this.node,
      target,
      intent: INTENT,
      timeoutMs: 20_000,
      reporter: new Told(),
      ...more,
    });
  }

  /** Uploads an artifact by itself. */
  uploadArtifact(
    dir: string,
    target: DeliverOnceOptions["target"],
    folder: string,
  ): Promise<UploadReport> {
    const { node, recordUpload } = openArtifact(dir);
    return this.upload(target, {
      dir,
      node,
      intent: { ...INTENT, folder, makeFolder: true },
      onPlaced: recordUpload,
    });
  }

  #save(): void {
    Deno.writeTextFileSync(
      join(this.run, "metadata.yaml"),
      encodeRunMetadata(this.#metadata),
    );
  }

  [Symbol.dispose](): void {
    this.#root[Symbol.dispose]();
  }
}

/** The names of a run's neighbours. */
export async function edges(
  { client }: RealServer,
  runId: string | undefined,
): Promise<{ in: string[]; out: string[] }> {
  const graph = await client.graph(runId ?? "");
  const names = (nodes: readonly { readonly path: string }[]) =>
    nodes.map(({ path }) => path).sort();
  return { in: names(graph.in), out: names(graph.out) };
}

/** Asserts that the server holds a directory as it is. */
export async function assertUploaded(
  server: RealServer,
  dir: string,
  path: string,
): Promise<void> {
  const objects = await server.objects(path);
  const local = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
  assertEquals([...objects.keys()].sort(), local);
  for (const [key, bytes] of objects) {
    assertEquals(bytes, Deno.readFileSync(join(dir, key)), key);
  }
}

/** Where an artifact was uploaded to and downloaded from. */
export const remoteOf = (dir: string) =>
  decodeArtifactMetadata(Deno.readTextFileSync(join(dir, "metadata.yaml")))
    .remote;

/** The id of a model of the Asset Hub. */
export const MODEL_ID = "22222222-2222-3333-4444-555555555555";
