import { join } from "@std/path";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DataDirError } from "../../../src/server/data_dir_error.ts";
import { createHandler } from "../../../src/server/handler.ts";
import { inDataDir } from "../../../src/server/store/data_dir_access.ts";
import { canMountTmpfs, mountTmpfs } from "../../support/tmpfs.ts";
import { tempDir } from "../../support/temp_dir.ts";

Deno.test("inDataDir() says of a folder what is wrong with it, and passes on what is no trouble of the folder's", () => {
  const table: [Error, string][] = [
    [
      new Deno.errors.PermissionDenied("Permission denied: open 'lock'"),
      "this user must be able to read and write everything in it (Permission denied: open 'lock')",
    ],
    [
      new Error("attempt to write a readonly database"),
      "this user must be able to read and write everything in it",
    ],
    [new Error("database disk image is malformed"), "its database is damaged"],
    [new Error("database or disk is full"), "its disk is full, make room"],
    [
      new Deno.errors.AlreadyExists("File exists (os error 17): mkdir 'd'"),
      "it is a file, name a folder with --data",
    ],
  ];
  for (const [cause, wanted] of table) {
    const error = assertThrows(
      () =>
        inDataDir("d", () => {
          throw cause;
        }),
      DataDirError,
      `Cannot use data folder "d": ${wanted}`,
    );
    assertEquals(error.cause, cause);
  }
  for (
    const other of [
      new TypeError("x is undefined"),
      new Deno.errors.NotCapable("Requires read access, permission denied"),
      new DataDirError("d", "another server is using it"),
    ]
  ) {
    const thrown = assertThrows(() =>
      inDataDir("d", () => {
        throw other;
      })
    );
    assertEquals(thrown, other);
  }
  assertEquals(inDataDir("d", () => 7), 7);
});

Deno.test("a data folder that is a file is said to be one", () => {
  using dir = tempDir();
  const dataDir = join(dir.path, "file");
  Deno.writeTextFileSync(dataDir, "");
  const { message } = assertThrows(
    () => createHandler({ dataDir }),
    DataDirError,
  );
  assertStringIncludes(message, "it is a file");
});

Deno.test({
  name:
    "a server that finds its disk full says so, and starts once there is room (needs a mount)",
  ignore: !canMountTmpfs(),
  fn() {
    using disk = mountTmpfs(2 ** 20);
    const dataDir = join(disk.path, "data");
    disk.fill();
    assertThrows(
      () => createHandler({ dataDir }),
      DataDirError,
      "its disk is full, make room",
    );
    disk.free();
    using server = createHandler({ dataDir });
    assertEquals(server.firstStart?.user, "demo");
  },
});
