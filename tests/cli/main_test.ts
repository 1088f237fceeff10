import { assert, assertEquals, assertFalse } from "@std/assert";
import { VERSION } from "../../src/cli/version.ts";
import { runWith } from "./fake_io.ts";

const KEY = "e4ccd2a3-3425-44b0-8b44-148bd303a0f9";

Deno.test("em --version says the version of the package", async () => {
  const { default: { version } } = await import("../../deno.json", {
    with: { type: "json" },
  });
  assertEquals(VERSION, version);
  assertEquals(await runWith(["--version"]), {
    code: 0,
    stdout: `${version}\n`,
    stderr: "",
  });
});

Deno.test("em answers -h and help as it answers --help", async () => {
  for (const path of [[], ["serve"], ["serve", "key"], ["context", "use"]]) {
    const help = await runWith([...path, "--help"]);
    const [first, ...rest] = path;
    assertEquals(await runWith([...path, "-h"]), help);
    const asked = first === undefined ? ["help"] : ["help", first];
    if (rest.length === 0) assertEquals(await runWith(asked), help);
  }
});

Deno.test("em never says a key that stands in a command line", async () => {
  const host = "http://127.0.0.1:1";
  for (
    const line of [
      `login --host ${host} ${KEY}`,
      `login --host ${host} --apikey=${KEY}`,
      `login --host ${host} --api-key ${KEY}`,
      `login --host ${host} --api-key ${KEY} --jsn`,
      `ls --sort ${KEY.toUpperCase()} ${KEY} --lmit`,
    ]
  ) {
    const { code, stdout, stderr } = await runWith(line.split(" "));
    assert(code === 1 || code === 2, line);
    assertEquals(stdout, "", line);
    assertEquals(stderr.split("\n").length, 2, stderr);
    assertFalse(stderr.toLowerCase().includes(KEY), stderr);
  }
});
