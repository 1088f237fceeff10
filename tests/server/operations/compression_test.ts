import { assertEquals } from "@std/assert";
import {
  acceptsGzip,
  isCompressible,
} from "../../../src/server/operations/compression.ts";

Deno.test("acceptsGzip() follows weights and wildcards", () => {
  const table: [header: string | null, accepts: boolean][] = [
    [null, false],
    ["", false],
    ["gzip, deflate", true],
    ["deflate, GZIP;q=0.5", true],
    ["gzip;q=0", false],
    ["gzip; q=0.000, *", false],
    ["*", true],
    ["*;q=0", false],
    ["br, identity", false],
    ["gzipped", false],
  ];
  for (const [header, accepts] of table) {
    const headers = new Headers(
      header === null ? {} : { "accept-encoding": header },
    );
    assertEquals(acceptsGzip(headers), accepts, `${header}`);
  }
});

Deno.test("isCompressible() takes whole texts only", () => {
  const octets = "application/octet-stream";
  const table: [
    string,
    Record<string, string>,
    boolean,
    RequestInit?,
    number?,
  ][] = [
    ["", { "content-type": "application/json" }, true],
    ["", { "content-type": "application/problem+json; charset=utf-8" }, true],
    ["", { "content-type": "text/yaml" }, true],
    ["", { "content-type": "text/event-stream" }, false],
    ["", { "content-type": "image/png" }, false],
    ["", { "content-type": "application/gzip" }, false],
    ["?path=/a/metrics/train.yaml", { "content-type": octets }, true],
    ["?path=/a/model.safetensors", { "content-type": octets }, false],
    ["?path=/a/log.txt.gz", { "content-type": octets }, false],
    ["", { "content-type": "text/plain", "content-length": "100" }, false],
    ["", { "content-type": "text/plain", "content-length": "10000" }, true],
    ["", { "content-type": "text/plain", "content-length": "20000000" }, false],
    ["", { "content-type": "text/plain", "content-encoding": "br" }, false],
    ["", { "content-type": "text/plain" }, false, {
      headers: { range: "bytes=0-9" },
    }],
    ["", { "content-type": "text/plain" }, false, {}, 206],
    ["", { "content-type": "text/plain" }, false, { method: "HEAD" }],
    ["", { "content-type": "text/plain" }, false, { method: "POST" }],
  ];
  for (const [query, headers, wanted, init = {}, status = 200] of table) {
    const request = new Request(`http://x/${query}`, init);
    const response = new Response("x", { headers, status });
    assertEquals(
      isCompressible(request, response),
      wanted,
      JSON.stringify([query, headers, init, status]),
    );
  }
});
