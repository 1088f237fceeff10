import {
  assertEquals,
  assertFalse,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { loadT9kConfig } from "../../src/config/t9k_config.ts";
import { removeLogin, saveLogin } from "../../src/config/t9k_config_writer.ts";
import { ConfigError } from "../../src/errors.ts";
import { withDir } from "./with_dir.ts";

const KEY = "e4ccd2a3-3425-44b0-8b44-148bd303a0f9";
const HOST = "https://t9k.example.com/t9k/aistore/server";
const env = () => undefined;

const RICH = `# the team's clusters
current-context: prod # mind the step

contexts:
# production
- name: prod
  server: https://prod.example.com
  image-registry: https://images.example.com
  prefixes: {aistore: /t9k/aistore/server, asset-hub: /hub, security-console: /t9k/security/server}
  auth:
    apikey: 00000000-0000-0000-0000-000000000000
    token: abc # from the console
- name: dev
  server: 'http://dev'
`;

Deno.test("saveLogin() makes a file that loadT9kConfig() and the Python SDK read", async () => {
  const hosts = [
    HOST,
    "http://127.0.0.1:5757/t9k/aistore/server",
    "http://[::1]:80",
    "https://x.example.com/deep/er",
  ];
  for (const host of hosts) {
    await withDir(async (dir) => {
      const path = join(dir, "home", ".t9k", "t9k-config.yaml");
      const saved = await saveLogin({ path, host, apiKey: KEY });
      assertEquals(saved, {
        path,
        context: "default-context",
        changed: true,
        previousHost: undefined,
      });
      assertEquals(await loadT9kConfig({ path, env }), {
        path,
        context: "default-context",
        host,
        apiKey: KEY,
        missing: [],
      });
    });
  }
});

Deno.test("saveLogin() writes what the Python SDK wants, byte for byte", async () => {
  await withDir(async (dir) => {
    const path = join(dir, "config.yaml");
    await saveLogin({ path, host: HOST, apiKey: KEY, context: "lab" });
    assertEquals(
      await Deno.readTextFile(path),
      `current-context: lab
contexts:
- name: lab
  server: https://t9k.example.com
  prefixes:
    aistore: /t9k/aistore/server
    asset-hub: /t9k/asset-hub/server
  auth:
    apikey: ${KEY}
`,
    );
  });
});

Deno.test("saveLogin() and removeLogin() keep comments, other contexts and unknown keys", async () => {
  await withDir(async (dir) => {
    const path = join(dir, "config.yaml");
    await Deno.writeTextFile(path, RICH);
    const saved = await saveLogin({ path, host: HOST, apiKey: KEY });
    assertEquals(
      [saved.context, saved.previousHost],
      ["prod", "https://prod.example.com/t9k/aistore/server"],
    );
    const written = RICH.replace("https://prod.example", "https://t9k.example")
      .replace("00000000-0000-0000-0000-000000000000", KEY);
    assertEquals(await Deno.readTextFile(path), written);
    const removed = await removeLogin({ path });
    assertEquals([removed.changed, removed.context], [true, "prod"]);
    assertEquals(
      await Deno.readTextFile(path),
      written.replace(`    apikey: ${KEY}\n`, ""),
    );
    assertEquals((await removeLogin({ path })).changed, false);
  });
});

Deno.test("saveLogin() fills in an entry that has gaps, and adds one that is not there", async () => {
  await withDir(async (dir) => {
    const path = join(dir, "config.yaml");
    const table: [string, string][] = [
      ["", "default-context"],
      ["# mine\n", "default-context"],
      ["null\n", "default-context"],
      ["other: 1\ncontexts:\n", "default-context"],
      ["current-context: a\ncontexts:\n- name: a\n  auth:\n", "a"],
      ["current-context: a\ncontexts: [{name: b}]\n", "a"],
      ["contexts:\n- {name: a, prefixes: }\n", "a"],
    ];
    for (const [text, context] of table) {
      await Deno.writeTextFile(path, text);
      await saveLogin({ path, host: HOST, apiKey: KEY, context });
      const config = await loadT9kConfig({ path, env });
      assertEquals(
        [config.context, config.host, config.apiKey],
        [context, HOST, KEY],
        text,
      );
      if (text.startsWith("#")) {
        assertStringIncludes(await Deno.readTextFile(path), "# mine\n");
      }
    }
  });
});

Deno.test({
  name: "saveLogin() leaves file and directory to their owner alone",
  // Windows knows no modes.
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await withDir(async (dir) => {
      const path = join(dir, ".t9k", "t9k-config.yaml");
      await saveLogin({ path, host: HOST, apiKey: KEY });
      assertEquals(await mode(path), 0o600);
      assertEquals(await mode(join(dir, ".t9k")), 0o700);
      await Deno.chmod(path, 0o644);
      await saveLogin({ path, host: HOST, apiKey: KEY });
      assertEquals(await mode(path), 0o600);
      assertEquals(await names(join(dir, ".t9k")), ["t9k-config.yaml"]);
    });
  },
});

Deno.test("saveLogin() writes through a symbolic link", async () => {
  await withDir(async (dir) => {
    const target = join(dir, "target.yaml");
    const path = join(dir, "link.yaml");
    await Deno.writeTextFile(target, RICH);
    await Deno.symlink(target, path);
    await saveLogin({ path, host: HOST, apiKey: KEY });
    assertEquals((await Deno.lstat(path)).isSymlink, true);
    assertStringIncludes(await Deno.readTextFile(target), KEY);
  });
});

Deno.test("saveLogin() touches nothing that it does not understand, and does not say the key", async () => {
  await withDir(async (dir) => {
    const path = join(dir, "config.yaml");
    const texts = [
      "- 1\n",
      "contexts: 5\n",
      "contexts:\n- 5\n",
      "contexts:\n- {name: a\n",
      "current-context: a\ncontexts:\n- name: a\n  auth: secret\n",
      "x: &x {name: a}\ncurrent-context: a\ncontexts:\n- *x\n",
    ];
    for (const text of texts) {
      await Deno.writeTextFile(path, text);
      const error = await assertRejects(
        () => saveLogin({ path, host: HOST, apiKey: KEY }),
        ConfigError,
        path,
        text,
      );
      assertFalse(error.message.includes(KEY));
      assertFalse(error.message.includes("secret"));
      assertEquals(await Deno.readTextFile(path), text);
      assertEquals(await names(dir), ["config.yaml"]);
    }
  });
});

Deno.test("removeLogin() makes no file", async () => {
  await withDir(async (dir) => {
    const path = join(dir, ".t9k", "config.yaml");
    assertEquals((await removeLogin({ path })).changed, false);
    assertEquals(await names(dir), []);
  });
});

async function mode(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

async function names(dir: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name);
}
