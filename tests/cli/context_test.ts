import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { tempDir } from "../support/temp_dir.ts";
import { runWith } from "./fake_io.ts";

const KEY = "e4ccd2a3-3425-44b0-8b44-148bd303a0f9";
const CONFIG = `# mine
current-context: lab # today
contexts:
- name: lab
  server: http://lab.example.org
  prefixes:
    aistore: /t9k/aistore/server
  auth:
    apikey: ${KEY} # secret
- name: prod
  server: https://t9k.example.com
  prefixes:
    aistore: /t9k/aistore/server
`;

Deno.test("em context lists contexts without their keys, and chooses one without touching the rest", async () => {
  using dir = tempDir();
  const path = join(dir.path, "t9k.yaml");
  const em = (line: string, more: Record<string, string> = {}) =>
    runWith(line.split(" "), { env: { T9K_CONFIG: path, ...more } });
  assertEquals(await em("context list"), {
    code: 0,
    stdout: "",
    stderr: `${path} has no contexts: em login adds one\n`,
  });
  assertEquals((await em("context list --json")).stdout, "[]\n");
  const none = await em("context use prod");
  assertEquals([none.code, none.stderr], [
    1,
    `em: Cannot use config file "${path}": it has no context "prod"\n`,
  ]);

  Deno.writeTextFileSync(path, CONFIG);
  assertEquals(await em("context list"), {
    code: 0,
    stdout: `   NAME  SERVER                                      KEY
*  lab   http://lab.example.org/t9k/aistore/server   yes
   prod  https://t9k.example.com/t9k/aistore/server  no
`,
    stderr: "",
  });
  const wrong = await em("context use prd");
  assertEquals(wrong.code, 1);
  assertEquals(
    wrong.stderr,
    `em: Cannot use config file "${path}": it has no context "prd", did you mean "prod"; it has "lab", "prod"\n`,
  );
  assertEquals(Deno.readTextFileSync(path), CONFIG);

  const used = await em("context use prod", { T9K_CONFIG_CONTEXT: "lab" });
  assertEquals(used, {
    code: 0,
    stdout: `Context "prod" is the current one in ${path}\n`,
    stderr:
      'em: T9K_CONFIG_CONTEXT names "lab", which is used instead as long as it is set\n',
  });
  assertEquals(
    Deno.readTextFileSync(path),
    CONFIG.replace("current-context: lab", "current-context: prod"),
  );
  const list = await em("context list --json");
  assertEquals(list.stdout.includes(KEY), false);
  assertEquals(JSON.parse(list.stdout), [
    {
      name: "lab",
      isCurrent: false,
      hasKey: true,
      host: "http://lab.example.org/t9k/aistore/server",
    },
    {
      name: "prod",
      isCurrent: true,
      hasKey: false,
      host: "https://t9k.example.com/t9k/aistore/server",
    },
  ]);
});
