import { join } from "@std/path";
import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { VERSION } from "../../../src/server/version.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { metrics, PREFIX, put, start, text } from "./support.ts";

Deno.test("/healthz answers ok without a key at both addresses, and 503 with the reason when data cannot be written", async () => {
  await using test = await start();
  const { server, dir } = test;
  const outside = `http://127.0.0.1:${server.port}/healthz`;
  for (const url of [outside, `${server.url}/healthz`]) {
    assertEquals(await text(fetch(url)), "200 ok\n");
  }
  const head = await fetch(outside, { method: "HEAD" });
  assertEquals(head.status, 200);
  Deno.renameSync(join(dir, "data/tmp"), join(dir, "data/gone"));
  await waitFor("the trouble to be seen", async () => {
    const answer = await text(fetch(outside));
    if (answer === "200 ok\n") return undefined;
    assertEquals(answer, "503 the data folder cannot be written to\n");
    return true;
  });
  Deno.renameSync(join(dir, "data/gone"), join(dir, "data/tmp"));
  await waitFor(
    "health",
    async () => await text(fetch(outside)) === "200 ok\n" || undefined,
  );
});

Deno.test("/metrics is for this machine or a key, and for everybody only if that is said", async () => {
  await using test = await start();
  const url = `${test.server.url}/metrics`;
  const elsewhere = { headers: { "x-forwarded-for": "10.0.0.7" } };
  const open = await fetch(url);
  assertEquals(
    [open.status, open.headers.get("content-type")],
    [200, "text/plain; version=0.0.4; charset=utf-8"],
  );
  await open.body?.cancel();
  assertMatch(await text(fetch(url, elsewhere)), /^401 not logged in/);
  assertMatch(
    await text(fetch(`${url}?apikey=wrong`, elsewhere)),
    /^4\d\d .*not found/,
  );
  assertMatch(await text(test.send("/metrics", elsewhere)), /^200 # HELP/);
  await using other = await start({ metricsPublic: true });
  assertMatch(
    await text(fetch(`${other.server.url}/metrics`, elsewhere)),
    /^200 # HELP/,
  );
});

Deno.test("/metrics counts requests by route and status, bytes, time and what is kept, and names nothing of users", async () => {
  await using test = await start();
  const { server, send } = test;
  const content = "secret_name: 1\n".repeat(1000);
  await put(test, "secret_name.yaml", content);
  const path = "/apis/v1/objects?path=/demo/run/secret_name.yaml";
  await text(send(path));
  await text(send("/apis/v1/objects/multipart?path=/demo/run/secret_name", {
    method: "POST",
  }));
  await text(send("/apis/v1/secret_name"));
  await text(send("/apis/v1/nodes/info?node=/demo/secret_name"));
  await text(fetch(`http://127.0.0.1:${server.port}/secret_name`));
  const found = await waitFor("all to be counted", async () => {
    const found = await metrics(server.port);
    return found.get("em_http_requests_open") === 1 ? found : undefined;
  });
  const requests = (method: string, route: string, status: number) =>
    found.get(
      `em_http_requests_total{method="${method}",route="${route}",status="${status}"}`,
    );
  const api = `${PREFIX}/apis/v1`;
  assertEquals(requests("POST", `${api}/nodes`, 201), 1);
  assertEquals(requests("GET", `${api}/objects`, 200), 1);
  assertEquals(requests("POST", `${api}/objects/multipart`, 201), 1);
  assertEquals(requests("GET", `${api}/nodes/info`, 404), 1);
  assertEquals(requests("GET", `${PREFIX}/*`, 404), 1);
  assertEquals(
    found.get(
      `em_http_request_duration_seconds_count{method="GET",route="${api}/objects"}`,
    ),
    1,
  );
  assertGreater(found.get("em_http_sent_bytes_total") ?? 0, content.length);
  assertGreater(found.get("em_http_received_bytes_total") ?? 0, content.length);
  const kept = {
    em_users: 1,
    em_objects: 1,
    em_objects_bytes: content.length,
    'em_nodes{type="Run"}': 1,
    em_multipart_uploads_open: 1,
    em_http_requests_queued: 0,
    em_http_requests_refused_total: 0,
    [`em_build_info{version="${VERSION}",deno="${Deno.version.deno}"}`]: 1,
  };
  for (const [name, value] of Object.entries(kept)) {
    assertEquals(found.get(name), value, name);
  }
  for (
    const name of [
      "em_database_bytes",
      "process_resident_memory_bytes",
      "em_uptime_seconds",
    ]
  ) assertGreater(found.get(name) ?? 0, 0, name);
  assert(found.has("em_event_loop_lag_seconds"));
  const everything = JSON.stringify([...found]);
  assert(!everything.includes("secret_name"));
  assert(!everything.includes(test.apiKey));
});

Deno.test("the access log says who did what, with the id that the answer carried, and never a key", async () => {
  using logs = tempDir();
  const file = join(logs.path, "log");
  const ids: (string | null)[] = [];
  let apiKey = "";
  {
    await using test = await start({ accessLog: file });
    apiKey = test.apiKey;
    await put(test, "x", "content");
    const named = await test.send("/apis/v1/objects?path=/demo/run/x", {
      headers: { "x-request-id": "trace-7" },
    });
    ids.push(named.headers.get("x-request-id"));
    await named.text();
    const bearer = await fetch(`${test.server.url}/oauth2/userinfo`, {
      headers: {
        authorization: `Bearer ${apiKey}`,
        "x-request-id": "no good id\t",
      },
    });
    ids.push(bearer.headers.get("x-request-id"));
    await bearer.body?.cancel();
    await text(fetch(`${test.server.url}/oauth2/userinfo`));
  }
  const log = Deno.readTextFileSync(file);
  assert(!log.includes(apiKey));
  const lines = log.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.length, 5);
  const [, stored, read, asked, refused] = lines;
  assertEquals(
    [stored.method, stored.path, stored.status, stored.user, stored.client],
    [
      "POST",
      `${PREFIX}/apis/v1/objects?path=%2Fdemo%2Frun%2Fx&apikey=…`,
      201,
      "demo",
      "127.0.0.1",
    ],
  );
  assertGreater(stored.in, "content".length);
  assertEquals([read.id, read.out, read.in], ["trace-7", 7, 0]);
  assertEquals([ids[0], ids[1]], ["trace-7", asked.id]);
  assert(asked.id !== read.id && asked.id.length > 8);
  assertEquals([asked.user, refused.user, refused.status], ["demo", null, 401]);
  assertEquals(Object.keys(read), [
    "time",
    "id",
    "method",
    "path",
    "status",
    "ms",
    "in",
    "out",
    "user",
    "client",
  ]);
});
