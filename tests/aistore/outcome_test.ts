import { assertEquals } from "@std/assert";
import {
  classify,
  classifyLater,
  parseRetryAfter,
  withRetryAfter,
} from "../../src/aistore/outcome.ts";
import {
  ConnectionError,
  FolderNotFoundError,
  RedirectError,
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

Deno.test("classifyLater() also tries again after an answer that is not AIStore's own", () => {
  const answer = (status: number, text: string) =>
    new ResponseError("https://x", "POST /a", status, text);
  const table: [Error, string][] = [
    [answer(200, "this is not an answer"), "retryable"],
    [answer(404, "default backend - 404"), "retryable"],
    [new RedirectError("https://x", 302, "/login"), "retryable"],
    [answer(503, ""), "retryable"],
    [answer(404, "node not found [/demo/x]"), "rejected"],
    [answer(413, "too large"), "rejected"],
    [new TypeError("ours"), "rejected"],
  ];
  for (const [error, wanted] of table) {
    assertEquals(classifyLater(error).state, wanted, error.message);
  }
});
