import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { filesOf } from "../support/em_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { openFixture } from "./support/fixture.ts";

const ARCHIVE = "GET /em/v1/archive";

async function unzip(bytes: Uint8Array, dir: string): Promise<string> {
  const file = join(dir, "archive.zip");
  await Deno.writeFile(file, bytes);
  const { success, stdout, stderr } = await new Deno.Command("unzip", {
    args: ["-q", "-d", join(dir, "out"), file],
    env: { LANG: "C.UTF-8", LC_ALL: "C.UTF-8" },
  }).output();
  assert(success, new TextDecoder().decode(stdout.length ? stdout : stderr));
  return join(dir, "out");
}

Deno.test("an archive holds every object of a node under its name, as unzip reads it", async () => {
  using dir = tempDir();
  using fixture = openFixture();
  const id = await fixture.make("/demo/数据 1", "Artifact");
  const objects = new Map([
    ["a.txt", "a"],
    ["empty", ""],
    ["sub/空 格.txt", "字\n"],
    ["sub/deep/b.bin", "\0\x01\xff".repeat(200_000)],
  ]);
  for (const [key, content] of objects) {
    await fixture.put(`/demo/数据 1/${key}`, content);
  }
  const response = await fixture.call(ARCHIVE, { query: { node: id } });
  assertEquals(response.headers.get("content-type"), "application/zip");
  assertEquals(
    response.headers.get("content-disposition"),
    `attachment; filename="__ 1.zip"; filename*=UTF-8''%E6%95%B0%E6%8D%AE%201.zip`,
  );
  const bytes = new Uint8Array(await response.arrayBuffer());
  assertEquals(String(bytes.length), response.headers.get("content-length"));
  const out = await unzip(bytes, dir.path);
  assertEquals(
    filesOf(out),
    new Map([...objects].map(([key, text]) => [`数据 1/${key}`, text])),
  );
});

Deno.test("an archive has objects as they were when it began, though they are replaced and deleted meanwhile", async () => {
  using dir = tempDir();
  using fixture = openFixture();
  await fixture.make("/demo/run", "Run");
  for (const key of ["a", "b", "c"]) {
    await fixture.put(`/demo/run/${key}`, key.repeat(300_000));
  }
  const response = await fixture.call(ARCHIVE, {
    query: { node: "/demo/run" },
  });
  await fixture.put("/demo/run/b", "other");
  await fixture.call("DELETE /apis/v1/objects", {
    query: { path: "/demo/run/c" },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const out = await unzip(bytes, dir.path);
  assertEquals(
    filesOf(out),
    new Map(["a", "b", "c"].map((key) => [`run/${key}`, key.repeat(300_000)])),
  );
  assertEquals(fixture.files().length, 2, "what nobody reads goes");
});

Deno.test("an archive that is given up lets go of what it kept", async () => {
  using fixture = openFixture();
  await fixture.make("/demo/run", "Run");
  await fixture.put("/demo/run/a", "a".repeat(3_000_000));
  await fixture.put("/demo/run/b", "b");
  const response = await fixture.call(ARCHIVE, {
    query: { node: "/demo/run" },
  });
  const reader = response.body?.getReader();
  assert(!(await reader?.read())?.done);
  for (const key of ["a", "b"]) {
    await fixture.call("DELETE /apis/v1/objects", {
      query: { path: `/demo/run/${key}` },
    });
  }
  assertEquals(fixture.files().length, 2);
  await reader?.cancel();
  assertEquals(fixture.files(), []);
});

Deno.test("HEAD of an archive tells its length, and keeps nothing", async () => {
  using fixture = openFixture();
  await fixture.make("/demo/run", "Run");
  await fixture.put("/demo/run/a", "a".repeat(1000));
  const head = await fixture.call("HEAD /em/v1/archive", {
    query: { node: "/demo/run" },
  });
  const whole = await fixture.call(ARCHIVE, { query: { node: "/demo/run" } });
  const { byteLength } = await whole.arrayBuffer();
  assertEquals(head.headers.get("content-length"), String(byteLength));
  assertEquals(await head.text(), "");
  await fixture.call("DELETE /apis/v1/objects", {
    query: { path: "/demo/run/a" },
  });
  assertEquals(fixture.files(), []);
});

Deno.test("an archive breaks off when the bytes of an object are gone", async () => {
  using fixture = openFixture();
  await fixture.make("/demo/run", "Run");
  await fixture.put("/demo/run/a", "a");
  const [file = ""] = fixture.files();
  await Deno.remove(file);
  const response = await fixture.call(ARCHIVE, {
    query: { node: "/demo/run" },
  });
  await assertRejects(() => response.arrayBuffer(), Deno.errors.NotFound);
});

Deno.test("the archive of a node without objects is an empty folder; of a folder there is none", async () => {
  using dir = tempDir();
  using fixture = openFixture();
  await fixture.make("/demo/run", "Run");
  const response = await fixture.call(ARCHIVE, {
    query: { node: "/demo/run" },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  assertEquals(String(bytes.length), response.headers.get("content-length"));
  const out = await unzip(bytes, dir.path);
  assert(Deno.statSync(join(out, "run")).isDirectory);
  assertEquals(
    (await fixture.text(ARCHIVE, { query: { node: "/demo" } })).slice(0, 17),
    "400 invalid node:",
  );
});
