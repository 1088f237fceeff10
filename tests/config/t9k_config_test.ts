import {
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { loadT9kConfig } from "../../src/config/t9k_config.ts";
import { ConfigError } from "../../src/errors.ts";
import { withDir } from "./with_dir.ts";

const KEY = "e4ccd2a3-3425-44b0-8b44-148bd303a0f9";

const FULL = `current-context: default-context
contexts:
- name: default-context
  server: https://t9k.example.com
  image-registry: https://images.example.com
  prefixes: {aistore: /t9k/aistore/server, asset-hub: /t9k/asset-hub/server}
  auth: {apikey: ${KEY}, token: t}
  extension: {codepack: {data-copy-image: x}}
- name: second
  server: http://127.0.0.1:5757
  prefixes:
    aistore: ""
  auth:
- name: third
`;

async function writeHome(dir: string, text: string): Promise<string> {
  await Deno.mkdir(join(dir, ".t9k"), { recursive: true });
  const path = join(dir, ".t9k", "t9k-config.yaml");
  await Deno.writeTextFile(path, text);
  return path;
}

Deno.test("loadT9kConfig() reads host and key of the current context, or of T9K_CONFIG_CONTEXT", async () => {
  await withDir(async (dir) => {
    const path = await writeHome(dir, FULL);
    const host = "https://t9k.example.com/t9k/aistore/server";
    const table: [string | undefined, Record<string, string | undefined>][] = [
      [undefined, { context: "default-context", host, apiKey: KEY }],
      ["", { context: "default-context", host, apiKey: KEY }],
      ["second", {
        context: "second",
        host: "http://127.0.0.1:5757",
        apiKey: undefined,
      }],
      ["third", { context: "third", host: undefined, apiKey: undefined }],
    ];
    for (const [context, wanted] of table) {
      const variables: Record<string, string | undefined> = {
        HOME: dir,
        T9K_CONFIG_CONTEXT: context,
      };
      assertEquals(
        await loadT9kConfig({ env: (name) => variables[name] }),
        { path, missing: [], ...wanted } as never,
        `${context}`,
      );
    }
  });
});

Deno.test("loadT9kConfig() finds the file by argument, T9K_CONFIG with ~, then HOME", async () => {
  await withDir(async (dir) => {
    const home = await writeHome(dir, FULL);
    const other = join(dir, "other.yaml");
    await Deno.writeTextFile(other, FULL);
    const table: [Record<string, string>, string | undefined, string][] = [
      [{ HOME: dir }, undefined, home],
      [{ HOME: dir, T9K_CONFIG: "~/other.yaml" }, undefined, other],
      [{ T9K_CONFIG: other }, undefined, other],
      [{ HOME: dir, T9K_CONFIG: "~/nothing" }, home, home],
      [{ HOME: dir, T9K_CONFIG: "" }, undefined, home],
      [{}, undefined, "~/.t9k/t9k-config.yaml"],
    ];
    for (const [variables, path, wanted] of table) {
      const config = await loadT9kConfig({
        env: (name) => variables[name],
        ...(path === undefined ? {} : { path }),
      });
      assertEquals(config.path, wanted);
      assertEquals(config.apiKey === KEY, wanted.startsWith("/"), wanted);
    }
  });
});

Deno.test("loadT9kConfig() takes missing files and parts as not configured", async () => {
  const texts = [
    undefined,
    "",
    "# nothing\n",
    "{}\n",
    "current-context: x\n",
    "current-context: x\ncontexts: []\n",
    "contexts:\n- name: x\n",
    "current-context: x\ncontexts:\n- name: x\n  auth:\n  prefixes:\n",
    "current-context: x\ncontexts:\n- name: x\n  server: https://x\n",
    "current-context: x\ncontexts:\n- name: x\n  prefixes: {aistore: /x}\n",
    "current-context: x\ncontexts:\n- {name: x, auth: {apikey: ''}}\n",
  ];
  for (const text of texts) {
    await withDir(async (dir) => {
      const path = join(dir, "config.yaml");
      if (text !== undefined) await Deno.writeTextFile(path, text);
      const config = await loadT9kConfig({ path, env: () => undefined });
      assertEquals(
        [config.host, config.apiKey, config.path, config.missing],
        [undefined, undefined, path, []],
        `${text}`,
      );
    });
  }
});

Deno.test("loadT9kConfig() names file and key of what is malformed, and never a value", async () => {
  const one = (rest: string) =>
    `current-context: x\ncontexts:\n- name: x\n  ${rest}\n`;
  const table: [string, string | undefined, string][] = [
    ["- 1\n", "the file", "the file must be a map, and is a list"],
    ["text\n", "the file", "the file must be a map, and is a text"],
    [
      "current-context: 5\n",
      "current-context",
      "must be a text, and is a number",
    ],
    [
      "current-context: x\ncontexts: {x: 1}\n",
      "contexts",
      "contexts must be a list, and is a map",
    ],
    [
      "contexts: [1]\n",
      "contexts[0]",
      "contexts[0] must be a map, and is a number",
    ],
    [one("server: 5"), "contexts[0].server", "must be a text"],
    [one("prefixes: /x"), "contexts[0].prefixes", "must be a map"],
    [
      one("prefixes: {aistore: [1]}"),
      "contexts[0].prefixes.aistore",
      "and is a list",
    ],
    [
      one(`auth: ${KEY}`),
      "contexts[0].auth",
      "contexts[0].auth must be a map, and is a text",
    ],
    [
      one(`auth: {apikey: [${KEY}]}`),
      "contexts[0].auth.apikey",
      "must be a text, and is a list",
    ],
    [
      `current-context: defualt\ncontexts:\n- name: default\n- name: b\n`,
      "contexts",
      `it has no context "defualt", did you mean "default"; it has "default", "b"`,
    ],
    [one(`auth: {apikey: ${KEY}`), undefined, "it is not valid YAML: "],
    [`a: ${KEY}\n b: "${KEY}\n`, undefined, "it is not valid YAML: "],
  ];
  for (const [text, key, wanted] of table) {
    await withDir(async (dir) => {
      const path = join(dir, "config.yaml");
      await Deno.writeTextFile(path, text);
      const error = await assertRejects(
        () => loadT9kConfig({ path, env: () => undefined }),
        ConfigError,
        wanted,
        text,
      );
      assertStringIncludes(error.message, `config file "${path}"`);
      assertEquals(error.key, key);
      assertFalse(Deno.inspect(error).includes(KEY), text);
    });
  }
});

Deno.test("loadT9kConfig() says which file cannot be read", async () => {
  await withDir(async (dir) => {
    const error = await assertRejects(() => loadT9kConfig({ path: dir }));
    assertInstanceOf(error, ConfigError);
    assertStringIncludes(error.message, "it cannot be read (Is a directory)");
    const path = join(dir, "latin1.yaml");
    await Deno.writeFile(path, new Uint8Array([0x61, 0x3a, 0x20, 0xe9]));
    await assertRejects(
      () => loadT9kConfig({ path }),
      ConfigError,
      "it is not UTF-8 text",
    );
  });
});

Deno.test("loadT9kConfig() prompts for nothing and names the flags that are missing", async () => {
  await withDir(async (dir) => {
    const path = await writeHome(dir, FULL);
    const module = import.meta.resolve("../../src/config/t9k_config.ts");
    const all = "--allow-env=T9K_CONFIG,HOME,T9K_CONFIG_CONTEXT";
    const table: [string[], string[], boolean][] = [
      [[], [all], false],
      [["--allow-env=HOME"], [
        "--allow-env=T9K_CONFIG,T9K_CONFIG_CONTEXT",
        `--allow-read=${path}`,
      ], false],
      [[all], [`--allow-read=${path}`], false],
      [[all, `--allow-read=${path}`], [], true],
      [[all, `--allow-read=${dir}`], [], true],
    ];
    for (const [flags, missing, known] of table) {
      const output = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-check",
          "--config",
          new URL("../../deno.json", import.meta.url).pathname,
          ...flags,
          "-",
        ],
        env: { HOME: dir, DENO_DIR: await denoDir(), NO_COLOR: "1" },
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const writer = output.stdin.getWriter();
      await writer.write(new TextEncoder().encode(
        `import { loadT9kConfig } from "${module}";
         const { missing, apiKey } = await loadT9kConfig();
         console.log(JSON.stringify({ missing, known: apiKey !== undefined }));`,
      ));
      await writer.close();
      const { stdout, stderr } = await output.output();
      const decoder = new TextDecoder();
      assertEquals(decoder.decode(stderr), "");
      assertEquals(JSON.parse(decoder.decode(stdout)), { missing, known });
    }
  });
});

let cached: Promise<string> | undefined;

/** Where this Deno keeps its npm packages, for children that have another HOME. */
function denoDir(): Promise<string> {
  return cached ??= new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    stdout: "piped",
  }).output().then(({ stdout }) =>
    JSON.parse(new TextDecoder().decode(stdout)).denoDir
  );
}

Deno.test("loadT9kConfig() finds the context that has a key for a server", async () => {
  await withDir(async (dir) => {
    const path = join(dir, "config.yaml");
    const context = (name: string, server: string, key?: string) =>
      `- {name: ${name}, server: "${server}", prefixes: {aistore: /x}${
        key === undefined ? "" : `, auth: {apikey: ${key}}`
      }}\n`;
    await Deno.writeTextFile(
      path,
      "current-context: a\ncontexts:\n" + context("a", "https://a", "ka") +
        context("b", "https://b") + context("c", "https://b", "kc") +
        context("d", "https://a", "kd"),
    );
    const table: [string, string, string | undefined][] = [
      ["https://a/x", "a", "ka"],
      ["https://A:443/x/", "a", "ka"],
      ["https://b/x", "c", "kc"],
      ["https://b/y", "a", "ka"],
      ["https://other/x", "a", "ka"],
    ];
    for (const [host, name, apiKey] of table) {
      const env = () => undefined;
      const found = await loadT9kConfig({ path, host, env });
      assertEquals([found.context, found.apiKey], [name, apiKey], host);
    }
  });
});
