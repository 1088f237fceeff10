import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { startTestServer } from "../support/em_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runWith } from "./fake_io.ts";

Deno.test("em whoami names user, server and context, or says how to log in", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const path = join(dir.path, "t9k.yaml");
  const env = { T9K_CONFIG: path };
  const nobody = await runWith(["whoami"], { env });
  assertEquals([nobody.code, nobody.stdout], [1, ""]);
  assertMatch(nobody.stderr, /No AIStore host is known: .* run "em login /);

  Deno.writeTextFileSync(path, server.config);
  assertEquals(await runWith(["whoami"], { env }), {
    code: 0,
    stdout: `User     demo\nServer   ${server.url}\nContext  test (${path})\n`,
    stderr: "",
  });
  const { stdout } = await runWith(["whoami", "--json"], { env });
  assertEquals(JSON.parse(stdout), {
    user: "demo",
    host: server.url,
    context: "test",
    configPath: path,
  });

  const bad = server.config.replace(server.apiKey, crypto.randomUUID());
  Deno.writeTextFileSync(path, bad);
  const refused = await runWith(["whoami"], { env });
  assertEquals([refused.code, refused.stdout], [1, ""]);
  assertMatch(
    refused.stderr,
    /refused the API key: .* log in again with "em login --host /,
  );
  Deno.writeTextFileSync(path, server.config.replace(/auth: .*/, "auth: {}"));
  const keyless = await runWith(["whoami"], { env });
  assertMatch(keyless.stderr, /^em: No AIStore API key is known: /);
});
