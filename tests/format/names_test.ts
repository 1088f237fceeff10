import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  alternativeName,
  isAlternativeName,
  validateName,
} from "../../src/format/names.ts";
import { parsedFixtures } from "./fixtures.ts";

Deno.test("validateName() accepts what the Python SDK accepts", () => {
  const names = [
    "a",
    "0",
    "default",
    "mnist_torch",
    "in-git-repo",
    "a-_-b",
    "x".repeat(40),
  ];
  for (const name of names) assertEquals(validateName("Run", name), name);
});

Deno.test("validateName() says which rule a name breaks", () => {
  const names = [
    "",
    "cnn/keras",
    "-a",
    "a_",
    "a b",
    "x".repeat(41),
    "名",
    "a\n",
    "a.b",
  ];
  for (const name of names) {
    const error = assertThrows(() => validateName("Run", name), RangeError);
    assertStringIncludes(
      error.message,
      `Cannot create Run ${JSON.stringify(name)}: a name may hold`,
    );
  }
  for (const name of [undefined, null, 5, ["a"]]) {
    assertThrows(
      () => validateName("Artifact", name),
      TypeError,
      "Cannot create Artifact: its name must be a string",
    );
  }
});

function fill(
  values: readonly number[],
): (bytes: Uint8Array<ArrayBuffer>) => void {
  let next = 0;
  return (bytes) => {
    for (let index = 0; index < bytes.length; index++) {
      bytes[index] = values[next++ % values.length] ?? 0;
    }
  };
}

Deno.test("alternativeName() says name and local time", () => {
  const name = alternativeName("mnist_torch", {
    now: new Date(2026, 10, 3, 8, 1, 9),
    random: fill([0, 25, 26, 35, 36, 251]),
  });
  assertEquals(name, "mnist_torch_261103_080109_az09a9");
});

Deno.test("alternativeName() makes all suffix characters equally likely", () => {
  // Only the bytes below 252, 7 for each of the 36 characters, may count.
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const name = alternativeName("a", {
      now: new Date(0),
      random: fill([byte, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    });
    const char = name.at(-6) ?? "";
    counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  // A dropped byte is followed by one that stands for "a".
  assertEquals(counts.get("a"), 7 + 4);
  counts.delete("a");
  assertEquals([...counts.values()], Array(35).fill(7));
});

Deno.test("alternativeName() asks again when no random byte counts", () => {
  const random = fill([...Array(24).fill(255), 1]);
  const name = alternativeName("a", { now: new Date(0), random });
  assertMatch(name, /_[a-z0-9]{6}$/);
});

Deno.test("isAlternativeName() knows the directories of both SDKs by their end", () => {
  const dirs = new Set(
    parsedFixtures().map((path) => path.split("/")[2] ?? ""),
  );
  assert(dirs.size > 20);
  for (const dir of dirs) assert(isAlternativeName(dir), dir);
  const random = (bytes: Uint8Array<ArrayBuffer>) =>
    void crypto.getRandomValues(bytes);
  assert(
    isAlternativeName(alternativeName("a-b", { now: new Date(), random })),
  );
  for (
    const dir of [
      "",
      "runs",
      "a_261123_082118_6FAUZ3",
      "a_261123_082118_6fauz3.tmp",
      "a_26112_082118_6fauz3",
    ]
  ) {
    assert(!isAlternativeName(dir), dir);
  }
});
