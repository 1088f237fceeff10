import { assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "@std/path";
import { runEm } from "../cli/em_process.ts";
import { runWith } from "../cli/fake_io.ts";
import { inParts, startNamingServer } from "../support/naming_server.ts";
import { writeRun } from "../support/plain_run.ts";

const MIB = 1024 * 1024;
const BIG = "big.bin";

Deno.test("em verify and em gc prove objects that came in parts, and read back what no checksum proves", async () => {
  await using there = await startNamingServer();
  const { server, named, dir, env } = there;
  const run = writeRun(join(dir, "runs"));
  const bytes = new Uint8Array(9 * MIB + 3);
  for (let at = 0; at < bytes.length; at += 997) bytes[at] = at % 251;
  const file = join(run, BIG);
  Deno.writeFileSync(file, bytes);
  const sent = await runEm(["upload", run, "-m"], { dir: dir, env });
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
    runWith(["gc", "--yes", join(dir, "runs"), ...flags], { env });
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
