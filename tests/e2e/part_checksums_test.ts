import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "@std/path";
import { runEm } from "../cli/em_process.ts";
import {
  inParts,
  type NamingServer,
  startNamingServer,
} from "../support/naming_server.ts";
import { writeRun } from "../support/plain_run.ts";

const MIB = 1024 * 1024;
const BIG = "big.bin";
const SMALL = "small.bin";

interface Site {
  readonly there: NamingServer;
  readonly run: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Runs `em`, and tells how often the files were sent, or fetched. */
  em(...args: string[]): Promise<{
    readonly stdout: string;
    readonly stderr: string;
    readonly moved: readonly number[];
  }>;
}

/** A run with a large and a small file, on a server. */
async function site(there: NamingServer): Promise<Site> {
  const { server, dir, env } = there;
  const run = writeRun(join(dir, "runs"));
  const bytes = new Uint8Array(9 * MIB + 3);
  for (let at = 0; at < bytes.length; at += 997) bytes[at] = at % 251;
  Deno.writeFileSync(join(run, BIG), bytes);
  Deno.writeFileSync(join(run, SMALL), bytes.subarray(0, 5000));
  const em = async (...args: string[]) => {
    const before = server.requests.length;
    const { code, stdout, stderr } = await runEm(args, { dir, env });
    assertEquals(code, 0, stderr);
    const sent = server.requests.slice(before)
      .filter(({ path }) => path === "/apis/v1/objects")
      .map(({ query }) => query.get("path"));
    const moved = [BIG, SMALL].map((key) =>
      sent.filter((path) => path?.endsWith(`/${key}`)).length
    );
    return { stdout, stderr, moved };
  };
  assertEquals((await em("upload", run, "-m")).moved, [1, 1]);
  return { there, run, bytes, em };
}

Deno.test("em upload and em sync send no object again whose checksum is that of its parts", async () => {
  await using there = await startNamingServer();
  const { run, bytes, em } = await site(there);
  const small = inParts(bytes.subarray(0, 5000), 5 * MIB);
  const table: [string, string, readonly number[]][] = [
    ["the SDKs' parts", inParts(bytes, 3 * MIB), [0, 0]],
    ["quoted", `"${inParts(bytes, 5 * MIB).toUpperCase()}"`, [0, 0]],
    ["one part", inParts(bytes, 16 * MIB), [0, 0]],
    ["an unusual size", inParts(bytes, 7 * MIB + 1), [1, 0]],
    ["another content", inParts(bytes.slice().fill(1), 8 * MIB), [1, 0]],
  ];
  for (const [what, checksum, sent] of table) {
    there.named.set(BIG, checksum).set(SMALL, small);
    assertEquals((await em("upload", run, "-m")).moved, sent, what);
  }
  there.named.set(BIG, inParts(bytes, 8 * MIB));
  assertEquals((await em("sync", run)).moved, [0, 0]);
  // What was changed is sent, though it is as long.
  bytes[6 * MIB] = 7;
  Deno.writeFileSync(join(run, BIG), bytes);
  assertEquals((await em("upload", run, "-m")).moved, [1, 0]);
});

Deno.test("a download verifies objects by the checksum of their parts, and fetches none again", async () => {
  await using there = await startNamingServer();
  const { bytes, em } = await site(there);
  const node = there.server.requests
    .map(({ query }) => query.get("path") ?? "")
    .find((path) => path.endsWith(`/${BIG}`))?.slice(0, -BIG.length - 1) ?? "";
  there.named.set(BIG, inParts(bytes, 8 * MIB))
    .set(SMALL, inParts(bytes.subarray(0, 5000), 5 * MIB));
  const into = join(there.dir, "here");
  const first = await em("download", node, into);
  assertEquals(first.moved, [1, 1]);
  assert(!first.stderr.includes("WARNING"), first.stderr);
  const [name = ""] = [...Deno.readDirSync(into)].map(({ name }) => name)
    .filter((name) => !name.startsWith("."));
  assertEquals(Deno.readFileSync(join(into, name, BIG)), bytes);
  assertEquals((await em("download", node, into)).moved, [0, 0]);
  // Nor does an upload of it send them.
  assertEquals((await em("upload", join(into, name), "-m")).moved, [0, 0]);

  // Without what is noted of it, it is read.
  await Deno.remove(join(into, ".state"), { recursive: true });
  assertEquals((await em("download", node, into)).moved, [0, 0]);

  there.named.set(BIG, inParts(bytes, 7 * MIB + 1));
  const other = join(there.dir, "there");
  const unproven = await em("download", node, other);
  assertEquals(unproven.moved, [1, 1]);
  assertStringIncludes(unproven.stderr, "and no more is known");
  assertEquals(await exists(join(other, name, BIG)), true);
});
