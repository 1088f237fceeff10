import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { BodyReader } from "../../src/server/body_reader.ts";
import { FormReader } from "../../src/server/form_reader.ts";
import { Refusal } from "../../src/server/refusal.ts";

const BOUNDARY = "b0undary";
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const encoder = new TextEncoder();

/** A request whose body comes in pieces, as bytes from a connection or as any other stream. */
function request(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  isBytes: boolean,
): Request {
  const left = [...pieces];
  const body = isBytes
    ? new ReadableStream({
      type: "bytes",
      pull(controller) {
        const next = left.shift();
        if (next === undefined) {
          controller.close();
          controller.byobRequest?.respond(0);
        } else controller.enqueue(next.slice());
      },
    })
    : ReadableStream.from(left);
  // The length that is said decides how large the buffers are.
  const headers = { "content-length": "1000" };
  return new Request("http://x", { method: "POST", body, headers });
}

function cut(
  bytes: Uint8Array<ArrayBuffer>,
  places: readonly number[],
): Uint8Array<ArrayBuffer>[] {
  const at = [0, ...places.map((place) => place % bytes.length), bytes.length]
    .toSorted((a, b) => a - b);
  return at.slice(1).map((end, i) => bytes.slice(at[i], end))
    .filter(({ length }) => length > 0);
}

async function join(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const copies: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of pieces) copies.push(piece.slice());
  return await new Blob(copies).bytes();
}

Deno.test("FormReader gives every content back, however the body comes in pieces", async () => {
  const teasers = ["\r\n", "\r\n--", `\r\n--${BOUNDARY.slice(0, 5)}`, "\r"];
  const piece = fc.oneof(
    fc.constantFrom(...teasers),
    fc.integer({ min: 1, max: 40_000 }).map((n) => "x".repeat(n)),
    fc.string({ unit: "binary", maxLength: 30 }),
  );
  const content = fc.array(piece, { maxLength: 6 }).map((all) => all.join(""))
    .filter((text) => !text.includes(`\r\n--${BOUNDARY}`));
  await fc.assert(
    fc.asyncProperty(
      fc.array(content, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.boolean(),
      fc.boolean(),
      async (contents, places, isBytes, isSkipped) => {
        const text =
          contents.map((content, i) =>
            `--${BOUNDARY}\r\nContent-Disposition: form-data; name="f${i}"; ` +
            `filename="a"\r\n\r\n${content}\r\n`
          ).join("") + `--${BOUNDARY}--\r\n`;
        const pieces = cut(encoder.encode(text), places);
        const meter = { requests: 0, receivedBodyBytes: 0 };
        using body = new BodyReader(request(pieces, isBytes), {
          meter,
          broken: "broken",
        });
        const form = new FormReader(body, TYPE);
        for (const [i, content] of contents.entries()) {
          assertEquals((await form.next())?.name, `f${i}`);
          if (isSkipped && i === 0) continue;
          const found = await join(form.content());
          assert(new TextDecoder().decode(found) === content);
        }
        assertEquals(await form.next(), undefined);
        assertEquals(meter.receivedBodyBytes, encoder.encode(text).length);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("FormReader reads the header of a field as browsers, curl and Python write it", async () => {
  const table: [string, [string, boolean, string | undefined]][] = [
    ['form-data; name="content"; filename="a.txt"', [
      "content",
      true,
      undefined,
    ]],
    ["form-data; name=content; filename=a.txt", ["content", true, undefined]],
    ['FORM-DATA; NAME="content" ; FileName="x; name=y"', [
      "content",
      true,
      undefined,
    ]],
    [`form-data; name="content"; filename*=utf-8''%E4%B8%AD`, [
      "content",
      true,
      undefined,
    ]],
    ['form-data; name="a\\"b\\\\c"; filename="C:\\dir\\x"', [
      'a"b\\c',
      true,
      undefined,
    ]],
    ['form-data; name="content"', ["content", false, undefined]],
    [
      'form-data; name="content"\r\nContent-Type: application/octet-stream',
      ["content", true, "application/octet-stream"],
    ],
    [
      'form-data;\r\n name="content"; filename="a"\r\nCONTENT-TYPE:Text/Plain; charset=utf-8',
      ["content", true, "text/plain"],
    ],
    ['form-data; name="content"; filename="a"\r\nContent-Type: no type', [
      "content",
      true,
      undefined,
    ]],
    ['attachment; name="content"; filename="a"', [
      "content",
      false,
      undefined,
    ]],
  ];
  for (const [disposition, [name, isFile, mediaType]] of table) {
    const text =
      `preamble\r\n--${BOUNDARY}\r\nContent-Disposition: ${disposition}\r\n\r\nx\r\n--${BOUNDARY}--`;
    using body = new BodyReader(request([encoder.encode(text)], true), {
      meter: { requests: 0, receivedBodyBytes: 0 },
      broken: "broken",
    });
    const form = new FormReader(
      body,
      `Multipart/Form-Data; BOUNDARY="${BOUNDARY}"`,
    );
    assertEquals(
      await form.next(),
      { name, isFile, mediaType },
      disposition,
    );
  }
});

Deno.test("FormReader takes boundaries of up to 70 characters, and content that looks like one", async () => {
  const boundary = "-".repeat(70);
  const type = `multipart/form-data; boundary=${boundary}`;
  const content = `\r\n--${"-".repeat(69)}x`.repeat(1000) + "-".repeat(100_000);
  const text =
    `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n${content}\r\n--${boundary}--`;
  const meter = { requests: 0, receivedBodyBytes: 0 };
  using body = new BodyReader(request([encoder.encode(text)], true), {
    meter,
    broken: "broken",
  });
  const form = new FormReader(body, type);
  assertEquals((await form.next())?.name, "a");
  assert(
    new TextDecoder().decode(await join(form.content())) === content,
  );
  assertEquals(await form.next(), undefined);
  assertThrows(
    () => new FormReader(body, `${type}-`),
    Refusal,
    "its boundary has more than 70 characters",
  );
});

Deno.test("FormReader does not take more than it is ready for", async () => {
  const field =
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n`;
  const table: [string, string][] = [
    [field.repeat(17), "invalid form: it has more than 16 fields"],
    [
      `--${BOUNDARY}\r\nX: ${"x".repeat(100_000)}\r\n\r\n`,
      "invalid form: malformed part header",
    ],
    [`--${BOUNDARY}x\r\n\r\n`, "invalid form: malformed part header"],
    ["x".repeat(100_000), "invalid form: unexpected end of form"],
  ];
  for (const [text, wanted] of table) {
    using body = new BodyReader(request([encoder.encode(text)], true), {
      meter: { requests: 0, receivedBodyBytes: 0 },
      broken: "broken",
    });
    const form = new FormReader(body, TYPE);
    let message = "";
    try {
      while (await form.next());
    } catch (error) {
      message = error instanceof Error ? error.message : "";
    }
    assertEquals(message, wanted);
  }
});
