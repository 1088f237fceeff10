import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { AppendLog } from "../../src/local/append_log.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("AppendLog has each text on disk when append() returns, whatever its length and alphabet", () => {
  using dir = tempDir();
  const log = new AppendLog(join(dir.path, "a.log"));
  let expected = "";
  for (
    const text of [
      "a\n",
      "",
      "学习率 🚀\n",
      "x".repeat(100_000),
      "\u0000\n",
      "€".repeat(5_000),
    ]
  ) {
    log.append(text);
    expected += text;
    assertEquals(Deno.readTextFileSync(log.path), expected);
  }
  log.close();
});

Deno.test("AppendLog continues an existing file, and opens it again after close()", () => {
  using dir = tempDir();
  const path = join(dir.path, "a.log");
  Deno.writeTextFileSync(path, "1");
  const log = new AppendLog(path);
  log.append("2");
  log.close();
  log.append("3");
  log.close();
  log.close();
  assertEquals(Deno.readTextFileSync(path), "123");
});

Deno.test({
  name: "AppendLog throws and leaves no half text when the disk is full",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using dir = tempDir();
    const path = join(dir.path, "full.log");
    const main = join(dir.path, "main.ts");
    Deno.writeTextFileSync(
      main,
      `
      import { AppendLog } from ${
        JSON.stringify(import.meta.resolve("../../src/local/append_log.ts"))
      };
      const log = new AppendLog(${JSON.stringify(path)});
      log.append("x".repeat(524_000));
      try { log.append("y".repeat(400)); } catch (error) { console.log("refused", error.message); }
    `,
    );
    // A limit on the size of files makes the second write come back short and then fail, as a full disk does.
    const { stdout, stderr } = await new Deno.Command("sh", {
      args: [
        "-c",
        `trap "" XFSZ; ulimit -f 1024; exec "$0" "$@"`,
        Deno.execPath(),
        "run",
        "-A",
        "--no-config",
        main,
      ],
    }).output();
    const said = new TextDecoder().decode(stdout);
    assertStringIncludes(
      said,
      "refused File too large",
      new TextDecoder().decode(stderr),
    );
    assertEquals(Deno.readTextFileSync(path), "x".repeat(524_000));
  },
});

Deno.test("AppendLog names the file that cannot be opened", () => {
  using dir = tempDir();
  const log = new AppendLog(join(dir.path, "none", "a.log"));
  assertThrows(() => log.append("x"), Deno.errors.NotFound, "a.log");
});
