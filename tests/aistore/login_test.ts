import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { login } from "../../src/aistore/login.ts";
import {
  currentSession,
  logout,
  resolveTarget,
} from "../../src/aistore/session.ts";
import {
  AuthenticationError,
  ConnectionError,
  NotLoggedInError,
  ResponseError,
} from "../../src/errors.ts";
import { RealServer } from "../upload/support/real_server.ts";
import { API_KEY, StandIn } from "../upload/support/stand_in.ts";
import { Told } from "../upload/support/support.ts";

const NOWHERE = { configPath: "/nonexistent/t9k-config.yaml" };

Deno.test("login() asks the server and remembers who is logged in", async () => {
  await using server = await RealServer.start();
  try {
    const { host, apiKey } = server.target;
    assertEquals(await login({ host: `${host}//`, apiKey, timeoutMs: 5000 }), {
      host,
      user: "demo",
    });
    assertEquals(currentSession(), {
      host,
      apiKey,
      user: "demo",
      timeoutMs: 5000,
    });
    assertEquals(await resolveTarget(NOWHERE), {
      host,
      apiKey,
      user: "demo",
      timeoutMs: 5000,
    });
  } finally {
    logout(new Told());
  }
  assertEquals(currentSession(), undefined);
});

Deno.test("a login that fails leaves the earlier one as it was", async () => {
  await using server = new StandIn();
  const { host } = server;
  await login({ host, apiKey: API_KEY });
  const before = currentSession();
  const closed = "http://127.0.0.1:1/t9k/aistore/server";
  const answer = (response: Response) => () => response;
  const table: [
    string,
    Parameters<typeof login>[0],
    (() => Response) | undefined,
    string,
  ][] = [
    [
      "unknown key",
      { host, apiKey: API_KEY.replace("e", "f") },
      undefined,
      "AuthenticationError",
    ],
    ["bad key", { host, apiKey: "secret" }, undefined, "TypeError"],
    ["bad host", { host: "t9k", apiKey: API_KEY }, undefined, "TypeError"],
    [
      "bad limit",
      { host, apiKey: API_KEY, timeoutMs: 0 },
      undefined,
      "RangeError",
    ],
    ["down", { host: closed, apiKey: API_KEY }, undefined, "ConnectionError"],
    [
      "redirect",
      { host, apiKey: API_KEY },
      answer(Response.redirect("https://sso.example.com/")),
      "RedirectError",
    ],
    [
      "denied",
      { host, apiKey: API_KEY },
      answer(new Response("permission denied", { status: 403 })),
      "AuthenticationError",
    ],
    [
      "no AIStore",
      { host, apiKey: API_KEY },
      answer(new Response(null, { status: 404 })),
      "ResponseError",
    ],
    [
      "a page",
      { host, apiKey: API_KEY },
      answer(new Response("<html>")),
      "ResponseError",
    ],
  ];
  try {
    for (const [label, options, intercept, wanted] of table) {
      server.intercept = intercept ?? (() => undefined);
      const error = await assertRejects(() => login(options), Error);
      assertEquals(error.name, wanted, label);
      assert(!Deno.inspect(error).includes(API_KEY), label);
      assert(!error.message.includes("secret"), label);
      assertEquals(currentSession(), before, label);
    }
    server.intercept = ({ path }) =>
      path.endsWith("/nodes")
        ? new Response("permission denied", { status: 403 })
        : undefined;
    await assertRejects(
      () => login({ host, apiKey: API_KEY }),
      AuthenticationError,
      "permission denied",
    );
  } finally {
    logout(new Told());
  }
});

Deno.test("login() says what the address should have been where no AIStore is", async () => {
  await using server = new StandIn();
  const host = server.host.replace("/t9k/aistore/server", "/somewhere");
  server.intercept = () => new Response(null, { status: 404 });
  const error = await assertRejects(
    () => login({ host, apiKey: API_KEY }),
    ResponseError,
  );
  assertStringIncludes(error.message, "/t9k/aistore/server");
  assertEquals(currentSession(), undefined);
});

Deno.test("the time limit holds for the login itself, and a signal ends it", async () => {
  await using server = new StandIn();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  server.intercept = async () => {
    await released;
    return undefined;
  };
  const options = { host: server.host, apiKey: API_KEY };
  await assertRejects(
    () => login({ ...options, timeoutMs: 100 }),
    ConnectionError,
    "0.1 s",
  );
  const reason = new Error("enough");
  assertEquals(
    await assertRejects(() =>
      login({ ...options, signal: AbortSignal.abort(reason) })
    ),
    reason,
  );
  release();
});

Deno.test("host and key come from the configuration where they are not passed in", async () => {
  await using server = new StandIn();
  const configPath = await Deno.makeTempFile({ suffix: ".yaml" });
  const url = new URL(server.host);
  await Deno.writeTextFile(
    configPath,
    [
      "contexts:",
      "- name: t9k",
      `  server: ${url.origin}`,
      "  prefixes:",
      `    aistore: ${url.pathname}`,
      "  auth:",
      `    apikey: ${API_KEY}`,
      "current-context: t9k",
      "",
    ].join("\n"),
  );
  try {
    assertEquals(await resolveTarget({ configPath }), {
      host: server.host,
      apiKey: API_KEY,
    });
    assertEquals(await login({ configPath }), {
      host: server.host,
      user: "demo",
    });
    assertEquals(
      (await resolveTarget({
        ...NOWHERE,
        host: "https://x.example.com",
        apiKey: API_KEY,
      })).host,
      "https://x.example.com",
    );
  } finally {
    logout(new Told());
    await Deno.remove(configPath);
  }
});

Deno.test("without a host or a key nothing is sent, and the error names what is missing", async () => {
  await assertRejects(() => login(NOWHERE), NotLoggedInError, "host");
  await assertRejects(() => resolveTarget(NOWHERE), NotLoggedInError, "host");
  await assertRejects(
    () => resolveTarget({ ...NOWHERE, host: "https://x.example.com" }),
    NotLoggedInError,
    "API key",
  );
});

Deno.test("logout() warns when nobody is logged in", () => {
  const told = new Told();
  logout(told);
  logout(told);
  assertEquals(told.warnings.size, 1);
});

Deno.test({
  name: "login() without net permission names the flag and sends nothing",
  permissions: { net: [], read: true },
  async fn() {
    const options = {
      host: "http://127.0.0.1:8000/t9k/aistore/server",
      apiKey: API_KEY,
    };
    const error = await assertRejects(
      () => login(options),
      Error,
      "--allow-net=127.0.0.1:8000",
    );
    assertEquals(error.name, "PermissionError");
  },
});
