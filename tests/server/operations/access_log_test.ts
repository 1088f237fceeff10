import { join } from "@std/path";
import { assertEquals, assertThrows } from "@std/assert";
import { createReporter } from "../../../src/reporter.ts";
import {
  type AccessEntry,
  AccessLog,
} from "../../../src/server/operations/access_log.ts";
import { AccessLogError } from "../../../src/server/operations/access_log_error.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";

const ENTRY: AccessEntry = {
  time: "2026-11-23T08:00:00.000Z",
  id: "a-1",
  method: "GET",
  path: "/x",
  status: 200,
  ms: 1.5,
  in: 0,
  out: 2,
  user: null,
  client: "127.0.0.1",
};

function read(path: string): string[] {
  try {
    return Deno.readTextFileSync(path).split("\n").filter((line) =>
      line !== ""
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

Deno.test("AccessLog appends a line of JSON for each request, and all are there when it is closed", async () => {
  using dir = tempDir();
  const path = join(dir.path, "log");
  Deno.writeTextFileSync(path, "before\n");
  const log = new AccessLog({ path, reporter: createReporter() });
  for (let i = 0; i < 1000; i++) log.write({ ...ENTRY, id: `a-${i}` });
  await log.close();
  await log.close();
  log.write(ENTRY);
  const lines = read(path);
  assertEquals(lines.length, 1001);
  assertEquals(lines[1000], JSON.stringify({ ...ENTRY, id: "a-999" }));
});

Deno.test("AccessLog goes on in a new file when its file was renamed or removed", async () => {
  using dir = tempDir();
  const path = join(dir.path, "log");
  const log = new AccessLog({
    path,
    reporter: createReporter(),
    rotationCheckMs: 0,
  });
  log.write(ENTRY);
  await waitFor("the first line", () => read(path).length === 1 || undefined);
  Deno.renameSync(path, `${path}.1`);
  log.write(ENTRY);
  await waitFor("the new file", () => read(path).length === 1 || undefined);
  Deno.removeSync(path);
  log.write(ENTRY);
  await waitFor("the next file", () => read(path).length === 1 || undefined);
  await log.close();
  assertEquals(read(`${path}.1`).length, 1);
});

Deno.test("AccessLog leaves lines out rather than take more memory, and says how many", async () => {
  using dir = tempDir();
  const path = join(dir.path, "log");
  const log = new AccessLog({ path, reporter: createReporter() });
  const entry = { ...ENTRY, path: "x".repeat(2 ** 20) };
  for (let i = 0; i < 10; i++) log.write(entry);
  assertEquals(log.leftOut, 7);
  await log.close();
  const lines = read(path);
  assertEquals(lines.length, 4);
  assertEquals(JSON.parse(lines[3] ?? "").leftOut, 7);
});

Deno.test("AccessLog says once that it cannot be written, and goes on when it can be", async () => {
  using dir = tempDir();
  const folder = join(dir.path, "folder");
  const path = join(folder, "log");
  assertThrows(
    () => new AccessLog({ path, reporter: createReporter() }),
    AccessLogError,
    `Cannot write access log "${path}"`,
  );
  Deno.mkdirSync(folder);
  const said: string[] = [];
  const log = new AccessLog({
    path,
    reporter: createReporter((line) => said.push(line)),
    rotationCheckMs: 0,
  });
  Deno.removeSync(folder, { recursive: true });
  log.write(ENTRY);
  await waitFor("the warning", () => said.length > 0 || undefined);
  Deno.mkdirSync(folder);
  log.write(ENTRY);
  await waitFor("the line", () => read(path).length > 0 || undefined);
  await log.close();
  assertEquals([said.length, log.leftOut], [1, 1]);
});
