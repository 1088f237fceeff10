import { assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "@std/path";
import { createHash } from "node:crypto";
import { partCount, partSizes } from "../../src/keeping/part_checksums.ts";
import { createHandler } from "../../src/server/mod.ts";
import { runEm } from "../cli/em_process.ts";
import { runWith } from "../cli/fake_io.ts";
import { startFaultyServer } from "../support/faulty_server.ts";
import { writeRun } from "../support/plain_run.ts";
import { configFor } from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";

const MIB = 1024 * 1024;
const BIG = "big.bin";

Deno.test("partSizes() names only sizes that give so many parts, the SDK's own first", () => {
  const table: [number, number, number | undefined][] = [
    [104_857_601, 11, 10 * MIB],
    [157_286_407, 13, 12 * MIB],
    [1024 * MIB, 32, 32 * MIB],
    [1024 * MIB, 128, 8 * MIB],
    [1, 1, MIB],
    [0, 1, MIB],
    [3, 7, undefined],
  ];
  for (const [sizeBytes, count, first] of table) {
    const sizes = partSizes(sizeBytes, count);
    assertEquals(sizes[0], first, `${sizeBytes} in ${count}`);
    for (const size of sizes) {
      assertEquals(Math.max(1, Math.ceil(sizeBytes / size)), count);
    }
  }
  const md5 = "0".repeat(32);
  const checksums = ["", md5, `${md5}-0`, `${md5}-x`, `x${md5}-3`];
  assertEquals(checksums.map(partCount), checksums.map(() => undefined));
  assertEquals(partCount(`${md5}-12`), 12);
});

Deno.test("em verify and em gc prove objects that came in parts, and read back what no checksum proves", async () => {
  using dir = tempDir();
  using handler = createHandler({ dataDir: join(dir.path, "data") });
  const named = new Map<string, string>();
  await using server = await startFaultyServer({
    async handler(request) {
      request.headers.delete("accept-encoding");
      const answer = await handler.handle(request);
      if (!new URL(request.url).pathname.endsWith("/objects/ls")) return answer;
      const listing = await answer.json();
      for (const object of listing.data ?? []) {
        object.checksum = named.get(object.path) ?? object.checksum;
      }
      return Response.json(listing);
    },
  });
  const config = join(dir.path, "t9k.yaml");
  const apiKey = handler.firstStart?.apiKey ?? "";
  Deno.writeTextFileSync(config, configFor(server.url, apiKey));
  const env = { T9K_CONFIG: config };
  const run = writeRun(join(dir.path, "runs"));
  const bytes = new Uint8Array(9 * MIB + 3);
  for (let at = 0; at < bytes.length; at += 997) bytes[at] = at % 251;
  const file = join(run, BIG);
  Deno.writeFileSync(file, bytes);
  const sent = await runEm(["upload", run, "-m"], { dir: dir.path, env });
  assertEquals(sent.code, 0, sent.stderr);

  const verify = async (...flags: string[]) => {
    const before = server.requests.length;
    const args = ["verify", run, "--json", ...flags];
    const [{ differences, error }] = JSON.parse(
      (await runWith(args, { env })).stdout,
    );
    assertEquals(error, null);
    const read = server.requests.slice(before)
      .filter(({ method, path, query }) =>
        method === "GET" && path === "/apis/v1/objects" &&
        query.get("path")?.endsWith(BIG)
      );
    return [differences[0]?.problem, differences.length, read.length];
  };
  const proven = [undefined, 0, 0];
  const readBack = [undefined, 0, 1];
  const unproven = ["unproven", 1, 0];
  // 3 MiB is what the SDKs would take for an object of this size.
  const table: [string, string, unknown[], unknown[]][] = [
    ["the SDKs' parts", inParts(bytes, 3 * MIB), proven, proven],
    ["5 MiB", `"${inParts(bytes, 5 * MIB).toUpperCase()}"`, proven, proven],
    ["8 MiB", inParts(bytes, 8 * MIB), proven, proven],
    ["one part", inParts(bytes, 16 * MIB), proven, proven],
    ["equal parts", inParts(bytes, bytes.length / 3), proven, proven],
    ["an unusual size", inParts(bytes, 7 * MIB + 1), unproven, readBack],
    ["no checksum", "", unproven, readBack],
    ["something else", "crc32c:abcdef01", unproven, readBack],
  ];
  for (const [what, checksum, plain, reading] of table) {
    named.set(BIG, checksum);
    assertEquals(await verify(), plain, what);
    assertEquals(await verify("--read"), reading, what);
  }
  // What is small is read back unasked.
  named.set("git.yaml", "?");
  named.set("metadata.yaml", "?");
  named.set(BIG, inParts(bytes, 5 * MIB));
  assertEquals(await verify(), proven);

  // As long, and another content.
  bytes[6 * MIB] = 7;
  Deno.writeFileSync(file, bytes);
  assertEquals(await verify(), unproven);
  assertEquals(await verify("--read"), ["different", 1, 1]);
  const gc = (...flags: string[]) =>
    runWith(["gc", "--yes", join(dir.path, "runs"), ...flags], { env });
  assertStringIncludes((await gc("--read")).stdout, "are not proven to be on");
  assertEquals(await exists(file), true);
  bytes[6 * MIB] = 0;
  Deno.writeFileSync(file, bytes);
  named.set(BIG, "");
  assertStringIncludes((await gc()).stdout, "are not proven to be on");
  assertEquals(await exists(file), true);
  const { stderr } = await gc("--read");
  assertStringIncludes(stderr, "1 of 1 removed");
  assertEquals(await exists(run), false);
});

/** The checksum that S3 gives to an object of such parts. */
function inParts(bytes: Uint8Array, size: number): string {
  const all = createHash("md5");
  let count = 0;
  for (let at = 0; at < bytes.length; at += size, count++) {
    const part = bytes.subarray(at, at + size);
    all.update(createHash("md5").update(part).digest());
  }
  return `${all.digest("hex")}-${count}`;
}
