import { join } from "@std/path";
import { assert, assertEquals, assertGreater } from "@std/assert";
import {
  APPEND_CONTENT_TYPE,
  UPLOAD_OFFSET_HEADER,
} from "../../../src/aistore/protocol.ts";
import { checkData } from "../../../src/server/check_data.ts";
import { Database } from "../../../src/server/store/database.ts";
import { Store } from "../../../src/server/store/store.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { type ChildServer, startChildServer } from "../support/child_server.ts";
import { filesBelow, form } from "../support/fixture.ts";

/** How often the server is killed for each durability. */
const KILLS = Number(Deno.env.get("EM_TEST_KILLS") ?? 4);

/** Sends a request; undefined if the server was killed meanwhile. */
async function send(
  { url }: ChildServer,
  what: string,
  { key, path = "", body, headers }: {
    key: string;
    path?: string;
    body?: BodyInit;
    headers?: Record<string, string>;
  },
): Promise<Response | undefined> {
  const [method = "", address = ""] = what.split(" ");
  const query = new URLSearchParams({ ...path && { path }, apikey: key });
  try {
    const response = await fetch(`${url}/apis/v1/${address}?${query}`, {
      method,
      ...body !== undefined && { body },
      ...headers && { headers },
    });
    const bytes = await response.arrayBuffer();
    return new Response(bytes.byteLength > 0 ? bytes : null, response);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function makeRun(server: ChildServer, key: string): Promise<void> {
  const body = JSON.stringify({
    parent: "/demo",
    name: "run",
    labels: [],
    description: "",
    type: "Run",
    extra: "",
  });
  const made = await send(server, "POST nodes", { key, body });
  assertEquals(made?.status, 201, await made?.text());
}

/** Bytes that are told by their place, so that a prefix of any length can be checked. */
function bytesOf(seed: number, start: number, end: number): Uint8Array {
  return Uint8Array.from(
    { length: end - start },
    (_, at) => (seed * 31 + (start + at) * 7 + ((start + at) >> 8)) & 255,
  );
}

for (const durability of ["full", "process"] as const) {
  Deno.test(`SIGKILL under puts, appends, parts and deletes loses nothing that was answered and leaves no stray (${durability})`, async () => {
    using dir = tempDir();
    let key = "";
    let seed = 0;
    /** Objects by their keys: what may be there, as [seed, size] or none. */
    const possible = new Map<string, (readonly [number, number] | null)[]>();
    const grown = new Map<string, { sure: number; tried: number }>();
    for (let round = 0; round < KILLS; round++) {
      await using server = await startChildServer(dir.path, { durability });
      key ||= server.apiKey ?? "";
      if (round === 0) await makeRun(server, key);
      let answered = 0;

      const change = async (
        name: string,
        to: readonly [number, number] | null,
        request: () => Promise<Response | undefined>,
      ): Promise<boolean> => {
        const states = possible.get(name) ?? [null];
        possible.set(name, [...states, to]);
        const response = await request();
        if (response === undefined) return false;
        if (response.ok || (to === null && response.status === 404)) {
          possible.set(name, [to]);
        }
        answered++;
        return true;
      };
      const put = (name: string, size: number) => {
        const id = seed++;
        const body = form(bytesOf(id, 0, size) as Uint8Array<ArrayBuffer>);
        return change(
          name,
          [id, size],
          () =>
            send(server, "POST objects", {
              key,
              path: `/demo/run/${name}`,
              body,
            }),
        );
      };
      const inParts = (name: string) => {
        const id = seed++;
        const path = `/demo/run/${name}`;
        return change(name, [id, 3000], async () => {
          const begun = await send(server, "POST objects/multipart", {
            key,
            path,
          });
          if (begun === undefined) return undefined;
          const { uploadId } = await begun.json();
          const parts: { partNumber: number; etag: string }[] = [];
          for (const partNumber of [1, 2, 3]) {
            const body = form(
              bytesOf(
                id,
                partNumber * 1000 - 1000,
                partNumber * 1000,
              ) as Uint8Array<
                ArrayBuffer
              >,
            );
            const query = new URLSearchParams({
              path,
              partNumber: String(partNumber),
              apikey: key,
            });
            try {
              const sent = await fetch(
                `${server.url}/apis/v1/objects/multipart/${uploadId}?${query}`,
                { method: "PUT", body },
              );
              parts.push({ partNumber, etag: (await sent.json()).eTag });
            } catch (error) {
              if (error instanceof TypeError) return undefined;
              throw error;
            }
          }
          return await send(server, `POST objects/multipart/${uploadId}`, {
            key,
            path,
            body: JSON.stringify({ parts }),
          });
        });
      };
      const grow = async (name: string) => {
        const state = grown.get(name) ?? { sure: -1, tried: -1 };
        grown.set(name, state);
        const path = `/demo/run/${name}`;
        if (state.sure < 0) {
          const body = form(new Uint8Array());
          if (!(await send(server, "POST objects", { key, path, body }))?.ok) {
            return false;
          }
          state.sure = state.tried = 0;
        }
        // What a crash left unanswered may be there or not: it is asked, as clients do.
        const head = await send(server, "HEAD objects", { key, path });
        if (head === undefined) return false;
        const start = Number(head.headers.get("content-length"));
        assert(
          start >= state.sure && start <= state.tried,
          `${name}: ${start}`,
        );
        const end = start + 1 + (start * 13) % 5000;
        state.tried = Math.max(state.tried, end);
        const response = await send(server, "PATCH objects", {
          key,
          path,
          body: bytesOf(name.length, start, end) as Uint8Array<ArrayBuffer>,
          headers: {
            "content-type": APPEND_CONTENT_TYPE,
            [UPLOAD_OFFSET_HEADER]: String(start),
          },
        });
        if (response === undefined) return false;
        assertEquals(response.status, 200, await response.text());
        state.sure = end;
        answered++;
        return true;
      };
      const work = [1, 2, 3, 4, 5, 6].map(async (worker) => {
        for (let i = 0;; i++) {
          const steps = [
            () => put(`w${worker}/${round}/${i}`, 1 + (i * 7919) % 40_000),
            () => put(`w${worker}/same`, 100 + i),
            () => grow(`log${"-".repeat(worker)}`),
            () => inParts(`w${worker}/parts`),
            () =>
              change(
                `w${worker}/same`,
                null,
                () =>
                  send(server, "DELETE objects", {
                    key,
                    path: `/demo/run/w${worker}/same`,
                  }),
              ),
          ];
          const step = steps[(i + worker) % steps.length];
          if (!await step?.()) return;
        }
      });
      const enough = 40 + Math.floor(Math.random() * 120);
      await waitFor("answers", () => answered > enough || undefined);
      await server.kill();
      await Promise.all(work);
      // What was under way may be left over; the next start removes it.
      const { problems } = await checkData(dir.path, { deep: true });
      assertEquals(
        problems.filter(({ kind }) => kind !== "stray" && kind !== "overlong"),
        [],
        `after kill ${round + 1}`,
      );
    }
    using store = new Store({ dataDir: dir.path });
    const run = store.nodes.walk(["demo", "run"])?.node;
    assert(run);
    const read = async (name: string) => {
      const object = store.objects.get({ nodeId: run.id, key: name });
      if (object === undefined) return undefined;
      return new Uint8Array(
        await new Response(
          await store.files.read(store.objects.segments(object), {
            range: { start: 0, end: object.size },
          }),
        ).arrayBuffer(),
      );
    };
    assertGreater(possible.size, 30);
    for (const [name, states] of possible) {
      const found = await read(name);
      const isPossible = states.some((state) =>
        state === null
          ? found === undefined
          : found !== undefined && found.length === state[1] &&
            bytesOf(state[0], 0, state[1]).every((byte, at) =>
              byte === found[at]
            )
      );
      assert(
        isPossible,
        `${name}: ${found?.length} bytes, ${JSON.stringify(states)}`,
      );
    }
    for (const [name, { sure, tried }] of grown) {
      const found = await read(name) ?? new Uint8Array();
      assert(
        found.length >= sure && found.length <= tried,
        `${name}: ${found.length}`,
      );
      assertEquals(found, bytesOf(name.length, 0, found.length), name);
    }
    using database = new Database(join(dir.path, "aistore.db"));
    const used = database.query<{ file: string }>(
      "SELECT DISTINCT file FROM file_uses",
    ).all();
    assertEquals(
      ["objects", "tmp"].flatMap((folder) => filesBelow(join(dir.path, folder)))
        .map((path) => path.slice(-32)).sort(),
      used.map(({ file }) => file).sort(),
    );
  });
}

const hasStrace = await canTrace();

async function canTrace(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("strace", {
      args: ["-o", "/dev/null", "true"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

Deno.test({
  name:
    "with full durability bytes, name and row are on disk, in this order, before the answer (needs strace)",
  ignore: !hasStrace,
  async fn() {
    using dir = tempDir();
    const trace = join(dir.path, "trace");
    const dataDir = join(dir.path, "data");
    await using server = await startChildServer(dataDir, { trace });
    const key = server.apiKey ?? "";
    await makeRun(server, key);
    const path = "/demo/run/x";
    /** The calls before the answers that were sent until now, one list for each. */
    const answers = () =>
      Deno.readTextFileSync(trace).split(/^.*"HTTP\/1\.1 20.*$/m).slice(0, -1)
        .map((calls) => calls.split("\n"));
    await waitFor(
      "the first answer",
      () => answers().length === 1 || undefined,
    );
    const since = async (request: () => Promise<Response | undefined>) => {
      const before = answers().length;
      assert((await request())?.ok);
      return await waitFor("the answer", () => answers()[before]);
    };
    /** Checks that there are calls that match, one after the other. */
    const inOrder = (found: readonly string[], wanted: readonly RegExp[]) => {
      let at = 0;
      for (const pattern of wanted) {
        const next = found.findIndex((call, index) =>
          index >= at && pattern.test(call)
        );
        assert(next >= 0, `${pattern} is missing in\n${found.join("\n")}`);
        at = next + 1;
      }
    };
    inOrder(
      await since(() =>
        send(server, "POST objects", { key, path, body: form("one") })
      ),
      [
        /fdatasync\(\d+<[^>]*\/tmp\/[0-9a-f]{32}>/,
        /rename\(".*\/tmp\/[0-9a-f]{32}/,
        /fsync\(\d+<[^>]*\/objects\/[0-9a-f]{2}>/,
        /(fsync|fdatasync)\(\d+<[^>]*aistore\.db-wal>/,
      ],
    );
    inOrder(
      await since(() =>
        send(server, "PATCH objects", {
          key,
          path,
          body: "two",
          headers: {
            "content-type": APPEND_CONTENT_TYPE,
            [UPLOAD_OFFSET_HEADER]: "3",
          },
        })
      ),
      [
        /write\(\d+<[^>]*\/objects\/[0-9a-f]{2}\/[0-9a-f]{32}>, "two"/,
        /fdatasync\(\d+<[^>]*\/objects\/[0-9a-f]{2}\/[0-9a-f]{32}>/,
        /(fsync|fdatasync)\(\d+<[^>]*aistore\.db-wal>/,
      ],
    );
  },
});

Deno.test({
  name:
    "with durability for the process nothing waits for the disk (needs strace)",
  ignore: !hasStrace,
  async fn() {
    using dir = tempDir();
    const trace = join(dir.path, "trace");
    await using server = await startChildServer(join(dir.path, "data"), {
      trace,
      durability: "process",
    });
    const key = server.apiKey ?? "";
    await makeRun(server, key);
    const before = Deno.readTextFileSync(trace).length;
    for (let i = 0; i < 5; i++) {
      const path = `/demo/run/${i}`;
      const body = form("one");
      assert((await send(server, "POST objects", { key, path, body }))?.ok);
    }
    const calls = Deno.readTextFileSync(trace).slice(before);
    assertEquals(calls.match(/(fsync|fdatasync)\(.*/g), null);
    assertGreater(calls.match(/rename\(/g)?.length ?? 0, 4);
  },
});
