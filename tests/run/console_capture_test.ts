// deno-lint-ignore-file no-console -- what is tested is the console
import { assertEquals, assertNotEquals, assertStrictEquals } from "@std/assert";
import { join } from "@std/path";
import process from "node:process";
import { AppendLog } from "../../src/local/append_log.ts";
import { captureConsole } from "../../src/run/console_capture.ts";
import { runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

const encoder = new TextEncoder();

Deno.test("captureConsole() logs exactly what the script prints on stdout, in order, at once", async () => {
  using dir = tempDir();
  const capture = import.meta.resolve("../../src/run/console_capture.ts");
  const appendLog = import.meta.resolve("../../src/local/append_log.ts");
  const { stdout, stderr } = await runScript(
    `
    import process from "node:process";
    import { captureConsole } from ${JSON.stringify(capture)};
    import { AppendLog } from ${JSON.stringify(appendLog)};
    const bytes = (text: string) => new TextEncoder().encode(text);
    captureConsole(new AppendLog("stdout.log"));
    console.log("epoch %d of %s", 1, "ten", { loss: 0.5, list: [1, "a"], nested: { deep: { deeper: { x: 1 } } } });
    console.info("info", new Map([["a", 1]]), null, undefined, 1n, Symbol("s"));
    console.debug("debug");
    console.group("group"); console.log("inside\\nindented"); console.groupEnd(); console.log("outside");
    console.table([{ a: 1, b: "x" }, { a: 2, b: "学习" }]);
    console.dir({ a: 1 }); console.count("c"); console.count("c");
    Deno.stdout.writeSync(bytes("progress 10%\\rprogress 20%\\r\\n"));
    await Deno.stdout.write(bytes("\\x1b[32mgreen\\x1b[0m\\n"));
    process.stdout.write("from node\\n");
    console.error("not this"); console.warn("nor this"); console.assert(false, "nor that");
    console.log(JSON.stringify(Deno.readTextFileSync("stdout.log").endsWith("from node\\n")));
    `,
    { dir: dir.path },
  );
  assertEquals(Deno.readTextFileSync(join(dir.path, "stdout.log")), stdout);
  assertEquals(stdout.includes("epoch 1 of ten"), true);
  assertEquals(stdout.includes("学习"), true);
  assertEquals(stdout.trimEnd().endsWith("true"), true);
  assertEquals(stderr.includes("not this"), true);
});

Deno.test("captureConsole() drops backspaces, as the Python SDK does", () => {
  using dir = tempDir();
  const log = new AppendLog(join(dir.path, "stdout.log"));
  const end = captureConsole(log);
  Deno.stdout.writeSync(encoder.encode("\b\b"));
  end();
  log.close();
  assertEquals(Deno.readTextFileSync(log.path), "");
});

Deno.test("captureConsole() gives each line to all, and puts everything back at the last end", () => {
  using dir = tempDir();
  const before = [
    console.log,
    Deno.stdout.writeSync,
    Deno.stdout.write,
    process.stdout.write,
  ];
  const first = new AppendLog(join(dir.path, "1.log"));
  const second = new AppendLog(join(dir.path, "2.log"));
  const endFirst = captureConsole(first);
  Deno.stdout.writeSync(encoder.encode("\r"));
  const endSecond = captureConsole(second);
  Deno.stdout.writeSync(encoder.encode("\r"));
  assertNotEquals(console.log, before[0]);
  endFirst();
  endFirst();
  Deno.stdout.writeSync(encoder.encode("\r"));
  endSecond();
  [first, second].forEach((log) => log.close());
  const after = [
    console.log,
    Deno.stdout.writeSync,
    Deno.stdout.write,
    process.stdout.write,
  ];
  after.forEach((method, index) => assertStrictEquals(method, before[index]));
  assertEquals(Object.hasOwn(Deno.stdout, "writeSync"), false);
  assertEquals(Deno.readTextFileSync(first.path), "\r\r");
  assertEquals(Deno.readTextFileSync(second.path), "\r\r");
});

Deno.test("captureConsole() leaves alone what somebody else put in its place", () => {
  using dir = tempDir();
  const log = new AppendLog(join(dir.path, "stdout.log"));
  const original = console.log;
  const end = captureConsole(log);
  const theirs = () => {};
  console.log = theirs;
  end();
  log.close();
  assertStrictEquals(console.log, theirs);
  console.log = original;
});
