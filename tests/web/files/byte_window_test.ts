import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  ByteWindow,
  type Part,
  type ReadBytes,
} from "../../../src/web/files/byte_window.ts";

/** An object that can be changed. */
class FakeObject {
  readonly asked: { from: number; to?: number }[] = [];
  fails: Error | undefined;

  constructor(public content: Uint8Array) {}

  readonly read: ReadBytes = (range) => {
    this.asked.push(range);
    if (this.fails) return Promise.reject(this.fails);
    const size = this.content.length;
    const from = Math.max(0, range.from < 0 ? size + range.from : range.from);
    if (from >= size) {
      return Promise.reject(Object.assign(new Error("range"), { status: 416 }));
    }
    const bytes = this.content.slice(from, range.to);
    return Promise.resolve({ bytes, from, size });
  };
}

const encode = (text: string) => new TextEncoder().encode(text);
const decode = ({ bytes }: Part) => new TextDecoder().decode(bytes);

function open(object: FakeObject, more = {}) {
  const errors: (Error | undefined)[] = [];
  const parts: Part[] = [];
  const window = new ByteWindow({
    read: object.read,
    size: object.content.length,
    stepBytes: 10,
    maxBytes: 30,
    onChange: (part) => parts.push(part),
    onError: (error) => errors.push(error),
    ...more,
  });
  return { window, errors, parts };
}

Deno.test("ByteWindow opens at the end, reads earlier bytes, and lets go of what is too much", async () => {
  const object = new FakeObject(encode("0123456789".repeat(6)));
  const { window } = open(object);
  await window.openEnd();
  assertEquals([window.part.from, decode(window.part)], [50, "0123456789"]);
  assert(window.isAtEnd);
  for (let i = 0; i < 3; i++) await window.earlier();
  assertEquals([window.part.from, window.part.bytes.length], [20, 30]);
  assert(!window.isAtEnd, "the end was let go");
  await window.later();
  assertEquals([window.part.from, window.part.bytes.length], [30, 30]);
});

Deno.test("ByteWindow knows lines before its part once it has seen the beginning", async () => {
  const object = new FakeObject(encode("ab\n".repeat(30)));
  const { window } = open(object);
  await window.openAt(0);
  assertEquals(window.part.linesBefore, 0);
  for (let i = 0; i < 8; i++) await window.later();
  assertEquals([window.part.from, window.part.linesBefore], [60, 20]);
  await window.earlier();
  assertEquals([window.part.from, window.part.linesBefore], [50, 16]);
  await window.openEnd();
  assertEquals(window.part.linesBefore, undefined);
  for (let i = 0; i < 9; i++) await window.earlier();
  assertEquals([window.part.from, window.part.linesBefore], [0, 0]);
});

Deno.test("ByteWindow follows an object that grows, by what is new", async () => {
  const object = new FakeObject(encode("first\n"));
  const { window } = open(object);
  await window.openEnd();
  object.asked.length = 0;
  object.content = encode("first\nmore\n");
  await window.refresh(true);
  assertEquals(decode(window.part), "first\nmore\n");
  assertEquals(object.asked, [{ from: 5, to: 16 }]);
  object.content = encode("first\nmore\nunwanted\n");
  await window.refresh(false);
  assertEquals(decode(window.part), "first\nmore\n");
  assertEquals(window.part.size, 20);
});

Deno.test("ByteWindow opens anew what was replaced or cut, also what is empty now", async () => {
  for (const other of ["X".repeat(15), "ab", ""]) {
    const object = new FakeObject(encode("first\nmore"));
    const { window, errors } = open(object);
    await window.openEnd();
    object.content = encode(other);
    await window.refresh(true);
    assertEquals(decode(window.part), other.slice(-10), other);
    assertEquals(window.part.size, other.length);
    assertEquals(errors.at(-1), undefined);
    object.content = encode("again");
    await window.refresh(true);
    if (other === "") assertEquals(decode(window.part), "again");
  }
});

Deno.test("ByteWindow misses no growth that is told while it reads something else", async () => {
  const object = new FakeObject(encode("0123456789".repeat(3)));
  const { window } = open(object);
  await window.openEnd();
  object.content = encode(`${"0123456789".repeat(3)}new`);
  await Promise.all([
    window.earlier(),
    window.earlier(),
    window.refresh(true),
    window.refresh(true),
  ]);
  assertEquals(decode(window.part), `${"0123456789".repeat(2)}new`);
  await Promise.all([window.earlier(), window.openAt(0)]);
  assertEquals(window.part.from, 0);
});

Deno.test("ByteWindow says what went wrong, and when it is well again", async () => {
  const object = new FakeObject(encode("text"));
  const { window, errors } = open(object);
  object.fails = new Error("no connection");
  await window.openEnd();
  assertEquals(errors.at(-1)?.message, "no connection");
  object.fails = undefined;
  await window.openEnd();
  assertEquals(errors.at(-1), undefined);
  assertEquals(decode(window.part), "text");
});

Deno.test("ByteWindow shows nothing once it is closed", async () => {
  const object = new FakeObject(encode("text"));
  const { window, errors } = open(object);
  const opening = window.openEnd();
  window.close();
  await opening;
  await window.later();
  assertEquals(errors, []);
});

Deno.test("ByteWindow always has a part of the object, no longer and with no more lines than it may", async () => {
  const step = fc.constantFrom("earlier", "later", "end", "at", "grow");
  await fc.assert(fc.asyncProperty(
    fc.array(step, { maxLength: 25 }),
    fc.array(fc.stringMatching(/^[a-c]{0,6}\n$/), { minLength: 4 }),
    async (steps, lines) => {
      const object = new FakeObject(encode(lines.join("")));
      const { window, errors } = open(object, { maxLines: 12 });
      await window.openEnd();
      for (const [i, each] of steps.entries()) {
        if (each === "earlier") await window.earlier();
        else if (each === "later") await window.later();
        else if (each === "end") await window.openEnd();
        else if (each === "at") await window.openAt(i * 7);
        else {
          object.content = encode(`${lines.join("")}${"more\n".repeat(i)}`);
          await window.refresh(true);
        }
        const { bytes, from, linesBefore } = window.part;
        assertEquals(bytes, object.content.slice(from, from + bytes.length));
        assert(bytes.length <= 30);
        const text = new TextDecoder().decode(bytes);
        assert(text.split("\n").length <= 14, JSON.stringify(text));
        if (linesBefore !== undefined) {
          const before = new TextDecoder()
            .decode(object.content.slice(0, from));
          assertEquals(linesBefore, before.split("\n").length - 1);
        }
        assertEquals(errors.at(-1), undefined);
      }
    },
  ));
});
