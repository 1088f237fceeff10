import { assertEquals } from "@std/assert";
import {
  classify,
  parseRetryAfter,
  withRetryAfter,
} from "../../src/aistore/outcome.ts";
import {
  ConnectionError,
  FolderNotFoundError,
  ResponseError,
} from "../../src/errors.ts";

const NOW = Date.parse("2026-11-23T08:00:00Z");

Deno.test("parseRetryAfter() reads seconds and dates, bounded, and nothing else", () => {
  const table: [string | null | undefined, number | undefined][] = [
    ["0", 0],
    ["7", 7000],
    [" 120 ", 120_000],
    ["86400", 600_000],
    ["Mon, 23 Nov 2026 08:00:30 GMT", 30_000],
    ["Mon, 23 Nov 2026 07:00:00 GMT", 0],
    ["Tue, 23 Nov 2027 08:00:00 GMT", 600_000],
    ["soon", undefined],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
  ];
  for (const [header, wanted] of table) {
    assertEquals(parseRetryAfter(header, NOW), wanted, `${header}`);
  }
});

Deno.test("classify() tells what is worth another attempt, and when", () => {
  const broken = new ConnectionError("https://x", "refused");
  assertEquals(classify(broken), { state: "retryable", error: broken });
  const busy = withRetryAfter(
    new ResponseError("https://x", "GET /a", 429, ""),
    7000,
  );
  assertEquals(classify(busy), {
    state: "retryable",
    afterMs: 7000,
    error: busy,
  });
  for (
    const error of [
      new FolderNotFoundError("/demo/x"),
      new TypeError("ours"),
      "text",
      undefined,
    ]
  ) {
    assertEquals(classify(error), { state: "rejected", error });
  }
});
