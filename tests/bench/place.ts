/**
 * Runs by the thousand, put into the folder of a server that does not run: by requests it would take minutes.
 *
 * @module
 */

import { createHash, randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";

const MAX_RECORD_BYTES = 256;
const START_MS = Date.UTC(2026, 10, 23);

/** What {@linkcode placeRuns} makes. */
export interface PlacedRuns {
  /** The folder below the user's own, which is made. */
  readonly folder: string;
  readonly runs: number;
  /** How many hyperparameters each has besides `lr` and `optimizer`. Default: 15. */
  readonly hparams?: number;
}

/** Puts runs with four files each into a folder of a server that does not run. */
export function placeRuns(
  dataDir: string,
  { folder, runs, hparams = 15 }: PlacedRuns,
): void {
  using place = new Place(dataDir);
  place.node(folder, "Folder");
  for (let index = 0; index < runs; index++) {
    placeRun(place, folder, { index, hparams });
  }
}

function placeRun(
  place: Place,
  folder: string,
  wanted: { readonly index: number; readonly hparams: number },
): void {
  const { index } = wanted;
  const name = `run-${String(index).padStart(5, "0")}`;
  const lr = 10 ** -(1 + index % 5);
  const text = (content: string) => new TextEncoder().encode(content);
  const hparams = Array.from(
    { length: wanted.hparams },
    (_, at) => `extra_${at}: ${at * index}\n`,
  );
  place.run(
    folder,
    name,
    new Map([
      ["metrics/train.yaml", makeFile(5)],
      ["metrics/val.yaml", makeFile(5)],
      [
        "hyperparameters.yaml",
        text(
          `lr: ${lr}\noptimizer: ${index % 3 ? "adam" : "sgd"}\n${
            hparams.join("")
          }`,
        ),
      ],
      [
        "metadata.yaml",
        text(
          `status: ${index % 50 ? "Complete" : "Running"}\n` +
            "startTimestamp: '2026-11-23T08:00:00.000001+00:00'\nendTimestamp: null\n",
        ),
      ],
    ]),
    [`label-${index % 100}`],
  );
}

/** Puts nodes and objects into the folder of a server that does not run: by requests it would take minutes. */
export class Place implements Disposable {
  readonly #db: DatabaseSync;
  readonly #dataDir: string;
  readonly #folders = new Map<string, string>();

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.#db = new DatabaseSync(join(dataDir, "aistore.db"));
    this.#db.exec("BEGIN");
    const root = this.#db.prepare(
      "SELECT id FROM nodes WHERE parent_id IS NULL",
    ).get();
    this.#folders.set("", String(root?.id));
  }

  node(
    name: string,
    type: string,
    parent = "",
    labels: readonly string[] = [],
  ): string {
    const id = crypto.randomUUID();
    this.#db.prepare(
      `INSERT INTO nodes (id, parent_id, owner, name, type, storage_type, labels, description, extra, editor, modified)
       VALUES (?, ?, 'demo', ?, ?, ?, ?, '', '', 'demo', '2026-11-23T08:00:00.000000Z')`,
    ).run(
      id,
      this.#folders.get(parent) ?? "",
      name,
      type,
      type === "Run" ? 2 : 0,
      JSON.stringify(labels),
    );
    this.#folders.set(name, id);
    return id;
  }

  run(
    parent: string,
    name: string,
    objects: ReadonlyMap<string, Uint8Array>,
    labels: readonly string[] = [],
  ): void {
    const node = this.node(name, "Run", parent, labels);
    for (const [key, content] of objects) {
      const file = randomBytes(16).toString("hex");
      const folder = join(this.#dataDir, "objects", file.slice(0, 2));
      Deno.mkdirSync(folder, { recursive: true });
      Deno.writeFileSync(join(folder, file), content);
      const md5 = createHash("md5").update(content).digest("hex");
      this.#db.prepare(
        `INSERT INTO objects (node_id, key, file, size, md5, content_type, mtime)
         VALUES (?, ?, ?, ?, ?, 'application/octet-stream', 1795420800)`,
      ).run(node, key, file, content.length, md5);
      this.#db.prepare(
        "INSERT INTO segments (object, number, file, size) VALUES (?, 0, ?, ?)",
      ).run(
        file,
        file,
        content.length,
      );
    }
  }

  [Symbol.dispose](): void {
    this.#db.exec("COMMIT");
    this.#db.close();
  }
}

/** A metrics file. */
export function makeFile(records: number): Uint8Array {
  const bytes = new Uint8Array(records * MAX_RECORD_BYTES);
  let length = 0;
  let step = 0;
  const encode = createRecordEncoder(() => START_MS + step * 10.123);
  for (; step < records; step++) {
    const values = {
      loss: Math.random(),
      accuracy: 1 - 1 / (step + 1 + Math.random()),
    };
    const item = encode(values, step, step >> 10);
    bytes.set(item, length);
    length += item.length;
  }
  return bytes.slice(0, length);
}
