import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { login } from "../../src/aistore/login.ts";
import {
  currentSession,
  logout,
  resolveCredentials,
  resolveTarget,
  type ResolveTargetOptions,
  setSession,
} from "../../src/aistore/session.ts";
import { NotLoggedInError } from "../../src/errors.ts";
import { tempDir } from "../support/temp_dir.ts";
import { StandIn } from "../upload/support/stand_in.ts";
import { Told } from "../upload/support/support.ts";

const HOST = "https://t9k.example.com/t9k/aistore/server";
const KEY = "e4ccd2a3-3425-44b0-8b44-148bd303a0f9";
const OTHER = "https://other.example.com/t9k/aistore/server";
const OTHER_KEY = "00000000-0000-0000-0000-000000000001";

/** Addresses that are not `HOST`, though some look like it. */
const OTHERS = [
  OTHER,
  "http://t9k.example.com/t9k/aistore/server",
  "https://t9k.example.com:8443/t9k/aistore/server",
  "https://t9k.example.com.evil.example/t9k/aistore/server",
  "https://t9k.example.com",
  "https://t9k.example.com/t9k/aistore/serverx",
  "https://t9k.example.com/T9K/aistore/server",
];

/** Spellings of `HOST`. */
const SPELLINGS = [
  HOST,
  `${HOST}//`,
  ` ${HOST} `,
  "HTTPS://T9k.Example.com:443/t9k/aistore/server",
];

function writeConfig(
  dir: string,
  { host = HOST, apiKey = KEY }: { host?: string; apiKey?: string } = {},
): string {
  const path = join(dir, "t9k-config.yaml");
  Deno.writeTextFileSync(
    path,
    `current-context: a
contexts:
- name: a
  server: ${host}
  prefixes: {aistore: ""}
  auth: {apikey: ${apiKey}}
`,
  );
  return path;
}

Deno.test("resolveCredentials() completes what is passed in from the configuration", async () => {
  using dir = tempDir();
  const configPath = writeConfig(dir.path);
  const table: [ResolveTargetOptions, string, string][] = [
    [{}, HOST, KEY],
    [{ host: undefined, apiKey: undefined }, HOST, KEY],
    [{ apiKey: OTHER_KEY }, HOST, OTHER_KEY],
    [{ host: OTHER, apiKey: OTHER_KEY }, OTHER, OTHER_KEY],
    ...SPELLINGS.map((host): [ResolveTargetOptions, string, string] => [
      { host },
      host.trim().replace(/\/+$/, ""),
      KEY,
    ]),
  ];
  for (const [options, host, apiKey] of table) {
    assertEquals(
      await resolveCredentials({ ...options, configPath }),
      { host, apiKey },
      Deno.inspect(options),
    );
  }
  for (const host of SPELLINGS) {
    writeConfig(dir.path, { host: `"${host}"` });
    assertEquals(
      (await resolveCredentials({ host: HOST, configPath })).apiKey,
      KEY,
      host,
    );
  }
});

Deno.test("resolveCredentials() uses the configuration's key for no other host than the configuration's", async () => {
  using dir = tempDir();
  const configPath = writeConfig(dir.path);
  for (const host of OTHERS) {
    const error = await assertRejects(
      () => resolveCredentials({ host, configPath }),
      NotLoggedInError,
      `No AIStore API key is known: config file "${configPath}" holds none for "`,
      host,
    );
    assertEquals(
      [error.missing, error.configPath, error.flags],
      ["API key", configPath, []],
    );
  }
  for (const host of [`""`, "t9k", "[]"]) {
    writeConfig(dir.path, { host });
    await assertRejects(
      () => resolveCredentials({ host: HOST, configPath }),
      Error,
      host === "[]" ? "server must be a text" : "No AIStore API key is known",
      host,
    );
  }
});

Deno.test("login() with another host and no key sends nothing", async () => {
  using dir = tempDir();
  await using server = new StandIn();
  const seen: string[] = [];
  server.intercept = ({ path }) => {
    seen.push(path);
    return undefined;
  };
  const configPath = writeConfig(dir.path);
  await assertRejects(
    () => login({ host: server.host, configPath }),
    NotLoggedInError,
    "API key",
  );
  assertEquals(seen, []);
  assertEquals(currentSession(), undefined);

  setSession({ host: HOST, apiKey: KEY, user: "demo", timeoutMs: undefined });
  try {
    await assertRejects(
      () => login({ host: server.host, configPath }),
      NotLoggedInError,
      "API key",
    );
    assertEquals(seen, []);
    assertEquals(currentSession()?.host, HOST);
  } finally {
    logout(new Told());
  }
});

Deno.test("login() takes host or key from the configuration where one is passed in", async () => {
  using dir = tempDir();
  await using server = new StandIn();
  const { host } = server;
  const result = { host, user: "demo" };
  const right = writeConfig(dir.path, { host });
  try {
    assertEquals(await login({ host: `${host}/`, configPath: right }), result);
    assertEquals(currentSession()?.apiKey, KEY);
    logout(new Told());
    const wrongKey = writeConfig(dir.path, { host, apiKey: OTHER_KEY });
    assertEquals(await login({ apiKey: KEY, configPath: wrongKey }), result);
    assertEquals(currentSession()?.apiKey, KEY);
  } finally {
    logout(new Told());
  }
});

Deno.test("resolveTarget() uses the session's key for no other host, and a key of one's own on the session's host", async () => {
  using dir = tempDir();
  const configPath = writeConfig(dir.path, { host: OTHER, apiKey: OTHER_KEY });
  const none = { configPath: "/nonexistent/t9k-config.yaml" };
  const session = { host: HOST, apiKey: KEY, user: "demo", timeoutMs: 5000 };
  setSession(session);
  try {
    for (const host of [undefined, ...SPELLINGS]) {
      assertEquals(await resolveTarget({ host, configPath }), session);
    }
    assertEquals(await resolveTarget({ apiKey: OTHER_KEY, configPath }), {
      host: HOST,
      apiKey: OTHER_KEY,
      timeoutMs: 5000,
    });
    assertEquals(await resolveTarget({ host: OTHER, configPath }), {
      host: OTHER,
      apiKey: OTHER_KEY,
    });
    assertEquals(
      await resolveTarget({ ...none, host: OTHER, apiKey: OTHER_KEY }),
      { host: OTHER, apiKey: OTHER_KEY },
    );
    for (const host of OTHERS) {
      await assertRejects(
        () => resolveTarget({ ...none, host }),
        NotLoggedInError,
        `config file "${none.configPath}" holds none for "`,
        host,
      );
    }
    await assertRejects(() => resolveTarget({ host: "t9k" }), TypeError);
    const error = await assertRejects(
      () => resolveTarget({ apiKey: "secret" }),
      TypeError,
    );
    assertEquals(error.message.includes("secret"), false);
  } finally {
    logout(new Told());
  }
});

Deno.test("NotLoggedInError says what is not known, where it was looked for, and which flags are missing", () => {
  const path = "/home/demo/.t9k/t9k-config.yaml";
  const advice = `call login({ host, apiKey }), ` +
    `or run "em login --host URL --api-key KEY" once`;
  const cause = new Error("why");
  const flags = ["--allow-env=HOME", `--allow-read=${path}`];
  const table: [NotLoggedInError, string][] = [
    [
      new NotLoggedInError("host"),
      `No AIStore host is known: ${advice}`,
    ],
    [
      new NotLoggedInError("host", { configPath: path, flags: [] }),
      `No AIStore host is known: config file "${path}" names none; ${advice}`,
    ],
    [
      new NotLoggedInError("API key", { configPath: path, flags, cause }),
      `No AIStore API key is known: config file "${path}" holds none for this host as far as it may be read; ` +
      `run again with ${flags.join(" ")}, ${advice}`,
    ],
    [
      new NotLoggedInError("API key", { configPath: path, host: HOST }),
      `No AIStore API key is known: config file "${path}" holds none for "${HOST}"; ` +
      advice.replace("URL", HOST),
    ],
  ];
  for (const [error, message] of table) assertEquals(error.message, message);
  assertEquals(table[2]?.[0].cause, cause);
  assertEquals(table[2]?.[0].flags, flags);
  assertEquals(table[0]?.[0].code, "not-logged-in");
});
