import { createHash } from "node:crypto";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { isNodeMissing } from "../../src/aistore/answers.ts";
import { FileChangedError } from "../../src/aistore/form_body.ts";
import { APPEND } from "../../src/aistore/protocol.ts";
import { AuthenticationError, ResponseError } from "../../src/errors.ts";
import { tempDir } from "../support/temp_dir.ts";
import { RealServer } from "../upload/support/real_server.ts";

const PATH = "/demo/run/metrics/train.yaml";

async function withObject(server: RealServer, text: string): Promise<void> {
  await server.add("/demo/run", "Run");
  await server.client.putObject(PATH, new TextEncoder().encode(text));
}

async function stored(server: RealServer): Promise<string | undefined> {
  const bytes = (await server.objects("/demo/run")).get("metrics/train.yaml");
  return bytes && new TextDecoder().decode(bytes);
}

Deno.test("appendObject() makes an object longer, and says what it is then", async () => {
  await using server = await RealServer.start();
  await withObject(server, "one;");
  assert(server.client.can(APPEND));
  const source = new TextEncoder().encode("two;");
  const whole = createHash("md5").update("one;two;").digest("hex");
  assertEquals(
    await server.client.appendObject(PATH, { source, offsetBytes: 4 }),
    { state: "appended", sizeBytes: 8, checksum: whole },
  );
  assertEquals(await stored(server), "one;two;");
});

Deno.test("appendObject() elsewhere than at the end says where that is", async () => {
  await using server = await RealServer.start();
  await withObject(server, "one;");
  const source = new TextEncoder().encode("two;");
  for (const offsetBytes of [0, 3, 5]) {
    assertEquals(
      await server.client.appendObject(PATH, { source, offsetBytes }),
      { state: "mismatch", offsetBytes: 4 },
    );
  }
  assertEquals(await stored(server), "one;");
});

Deno.test("appendObject() streams the rest of a file with its length; a file that ends early appends nothing", async () => {
  await using server = await RealServer.start();
  using dir = tempDir();
  const bytes = new Uint8Array(5_000_000).map((_, i) => i % 251);
  Deno.writeFileSync(`${dir.path}/log`, bytes);
  await server.add("/demo/run", "Run");
  await server.client.putObject(PATH, bytes.subarray(0, 1_000_000));
  using file = Deno.openSync(`${dir.path}/log`);
  file.seekSync(1_000_000, Deno.SeekMode.Start);
  const options = { offsetBytes: 1_000_000 };
  await assertRejects(
    () =>
      server.client.appendObject(PATH, {
        ...options,
        source: { file, sizeBytes: 4_000_001 },
      }),
    FileChangedError,
  );
  file.seekSync(1_000_000, Deno.SeekMode.Start);
  const result = await server.client.appendObject(PATH, {
    ...options,
    source: { file, sizeBytes: 4_000_000 },
  });
  assertEquals(result, {
    state: "appended",
    sizeBytes: bytes.length,
    checksum: createHash("md5").update(bytes).digest("hex"),
  });
  const found = await server.objects("/demo/run");
  assertEquals(found.get("metrics/train.yaml"), bytes);
});

Deno.test("appendObject() throws what is neither", async () => {
  await using server = await RealServer.start();
  const options = { source: new Uint8Array(1), offsetBytes: 0 };
  const missing = await assertRejects(() =>
    server.client.appendObject(PATH, options)
  );
  assert(isNodeMissing(missing));
  await withObject(server, "");
  const error = await assertRejects(
    () => server.client.appendObject("/demo/run/none", options),
    ResponseError,
  );
  assertEquals([error.status, error.body], [
    404,
    "object not found [/demo/run/none]",
  ]);
  await assertRejects(
    () => server.client.appendObject("/eve/run/x", options),
    AuthenticationError,
  );
});
