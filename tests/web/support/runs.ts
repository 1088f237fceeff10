import type { AIStoreNode } from "../../../src/aistore/protocol.ts";
import { metadataText, metricsText } from "../../server/metrics/support.ts";
import type { TestPages } from "./pages.ts";

/** A run that is made by its files. */
export interface MadeRun {
  readonly name: string;
  readonly hparams?: Readonly<Record<string, string | number>>;
  /** The values of `val/accuracy`, step by step. */
  readonly accuracy?: readonly number[];
  /** Default: `Complete`. */
  readonly status?: string;
  readonly labels?: readonly string[];
  /** RFC 3339. Default: a day in November. */
  readonly started?: string;
}

/** Makes nodes of a server as its user `demo`. */
export class Maker {
  readonly #web: Pick<TestPages, "server">;

  constructor(web: Pick<TestPages, "server">) {
    this.#web = web;
  }

  /** Asks the server, by default as the user `demo`. */
  async ask<T>(
    method: string,
    path: string,
    body?: unknown,
    apiKey: string = this.#web.server.apiKey,
  ): Promise<T> {
    const response = await fetch(`${this.#web.server.url}/apis/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        "content-type": "application/json",
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text === "" ? undefined as T : JSON.parse(text);
  }

  /** Makes a node below `/demo`, such as `cv/first`. */
  make(
    path: string,
    type = "Folder",
    more: { readonly labels?: readonly string[]; readonly extra?: string } = {},
  ): Promise<AIStoreNode> {
    const full = `/demo/${path}`;
    const cut = full.lastIndexOf("/");
    const parent = full.slice(0, cut);
    const name = full.slice(cut + 1);
    return this.ask("POST", "nodes", { parent, name, type, ...more });
  }

  /** Makes a run in a folder below `/demo`. */
  async run(folder: string, run: MadeRun): Promise<AIStoreNode> {
    const { name, hparams = {}, accuracy = [], status = "Complete" } = run;
    const { labels = [], started = "2026-11-23T08:00:00.000001+00:00" } = run;
    const node = await this.make(`${folder}/${name}`, "Run", { labels });
    const ended = status === "Running"
      ? {}
      : { ended: "2026-11-23T08:10:00.000001+00:00" };
    await this.put(
      `${node.path}/metadata.yaml`,
      metadataText(name, status, { started, ...ended }),
    );
    const lines = Object.entries(hparams).map(([key, value]) =>
      `${key}: ${JSON.stringify(value)}\n`
    );
    if (lines.length > 0) {
      await this.put(`${node.path}/hyperparameters.yaml`, lines.join(""));
    }
    if (accuracy.length > 0) {
      const records = accuracy.map((value, step) => ({
        values: { accuracy: value },
        step,
      }));
      await this.put(`${node.path}/metrics/val.yaml`, metricsText(records));
    }
    return node;
  }

  /** Writes an object. */
  async put(path: string, content: string): Promise<void> {
    await this.#web.server.client.putObject(
      path,
      new TextEncoder().encode(content),
    );
  }
}
