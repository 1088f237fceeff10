import { join } from "@std/path";
import { assertEquals } from "@std/assert";
import {
  type CreateNodeBody,
  SERVER_PREFIX,
} from "../../../src/aistore/protocol.ts";
import { createReporter } from "../../../src/reporter.ts";
import { createApp } from "../../../src/server/app.ts";
import { Store } from "../../../src/server/store/store.ts";
import { tempDir } from "../../support/temp_dir.ts";

/** What a test sends. */
export interface Call {
  /** Query parameters, without the key. */
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: BodyInit;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose key is sent; null sends none. Default: demo. */
  readonly user?: "demo" | "eve" | null;
}

/** The server's function over a store of its own, with the users demo and eve. */
export interface Fixture extends Disposable {
  readonly dataDir: string;
  readonly store: Store;
  /** The API keys. */
  readonly keys: Readonly<Record<"demo" | "eve", string>>;
  /** What the server reported. */
  readonly reports: readonly string[];
  /** The server's clock. */
  time: Date;
  /** Sends a request, such as `call("GET /apis/v1/nodes", { query: { parent: "/demo" } })`. */
  call(what: string, call?: Call): Promise<Response>;
  /** Sends a request that must succeed, and reads the JSON answer. */
  // deno-lint-ignore no-explicit-any -- tests look into it freely
  json(what: string, call?: Call): Promise<any>;
  /** Sends a request and reads the answer as `<status> <text>`. */
  text(what: string, call?: Call): Promise<string>;
  /** Makes a node. */
  make(
    path: string,
    type: string,
    more?: Partial<CreateNodeBody>,
  ): Promise<string>;
  /** Uploads an object. */
  put(path: string, content: string): Promise<void>;
  /** The files of all objects and parts, and those being written. */
  files(): string[];
}

/** How to open a {@linkcode Fixture}. */
export interface FixtureOptions {
  /** How long deleted nodes can be restored. Default: not at all. */
  readonly trashMs?: number;
}

export function openFixture({ trashMs = 0 }: FixtureOptions = {}): Fixture {
  const dir = tempDir();
  const dataDir = join(dir.path, "data");
  let time = new Date("2026-11-23T08:00:00.123Z");
  const fixture: Fixture = {
    dataDir,
    store: new Store({ dataDir, now: () => time, trashMs, unusedGraceMs: 0 }),
    keys: { demo: "", eve: "" },
    reports: [],
    get time() {
      return time;
    },
    set time(value) {
      time = value;
    },
    call(what, { query, json, body, headers, user = "demo" } = {}) {
      const [method = "GET", path = "/"] = what.split(" ");
      const parameters = new URLSearchParams(query);
      if (user !== null) parameters.set("apikey", this.keys[user]);
      const joint = path.includes("?") ? "&" : "?";
      const url =
        `http://localhost${SERVER_PREFIX}${path}${joint}${parameters}`;
      return handle(
        new Request(url, {
          method,
          headers: { ...headers },
          body: json === undefined ? body ?? null : JSON.stringify(json),
        }),
      );
    },
    async json(what, call) {
      const response = await this.call(what, call);
      const text = await response.text();
      assertEquals(response.ok, true, `${what}: ${response.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
    async text(what, call) {
      const response = await this.call(what, call);
      return `${response.status} ${await response.text()}`;
    },
    async make(path, type, more) {
      const cut = path.lastIndexOf("/");
      const { id } = await this.json("POST /apis/v1/nodes", {
        json: {
          parent: path.slice(0, cut),
          name: path.slice(cut + 1),
          type,
          ...more,
        },
      });
      return id;
    },
    async put(path, content) {
      await this.json("POST /apis/v1/objects", {
        query: { path },
        body: form(content),
      });
    },
    files() {
      return ["objects", "tmp"].flatMap((folder) =>
        filesBelow(join(dataDir, folder))
      );
    },
    [Symbol.dispose]() {
      this.store[Symbol.dispose]();
      dir[Symbol.dispose]();
    },
  };
  const { store } = fixture;
  Object.assign(fixture.keys, {
    demo: store.users.add("demo"),
    eve: store.users.add("eve"),
  });
  const handle = createApp({
    store,
    meter: { requests: 0, receivedBodyBytes: 0 },
    reporter: createReporter((line) =>
      (fixture.reports as string[]).push(line)
    ),
    signal: new AbortController().signal,
    now: () => time,
  });
  return fixture;
}

/** A multipart/form-data body with the field `content`. */
export function form(content: BlobPart, name = "content"): FormData {
  const data = new FormData();
  data.append(name, new Blob([content]), "file.txt");
  return data;
}

export function filesBelow(dir: string): string[] {
  return [...Deno.readDirSync(dir)].flatMap((entry) =>
    entry.isDirectory
      ? filesBelow(join(dir, entry.name))
      : [join(dir, entry.name)]
  );
}
