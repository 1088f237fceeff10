import { assert, assertEquals } from "@std/assert";
import { createRecordEncoder } from "../../src/format/metric_record.ts";
import { stringifyYaml } from "../../src/format/yaml_writer.ts";
import { parsedFixtures, readFixture } from "./fixtures.ts";
import { fromTyped } from "./typed_value.ts";

interface Sequence {
  readonly epoch: number | null;
  readonly step: number;
  readonly timestamp: string;
}

Deno.test("a record encoder writes the bytes of the Python SDK for every record in the fixtures", () => {
  const encode = createRecordEncoder();
  let records = 0;
  for (const path of parsedFixtures()) {
    if (!path.includes("/metrics/") || path.startsWith("c22")) continue;
    const items = fromTyped(JSON.parse(readFixture(`_parsed/${path}.json`)).ok);
    assert(Array.isArray(items));
    const text = items.map((item) => {
      records++;
      const sequence = Object.fromEntries(item.get("sequence"));
      return encode(
        Object.fromEntries(item.get("value")),
        sequence as Sequence,
      );
    }).join("");
    assertEquals(text, readFixture(path), path);
  }
  assert(records > 1000);
});

Deno.test("a record encoder writes values as floats, and steps and epochs as ints where they are whole", () => {
  const encode = createRecordEncoder();
  const timestamp = "2026-11-23T08:21:16.752957+00:00";
  assertEquals(
    encode({ loss: 1, "": NaN }, { epoch: 0.5, step: 2 ** 53, timestamp }),
    "- value:\n    loss: 1.0\n    ? ''\n    : .nan\n  sequence:\n    epoch: 0.5\n" +
      `    step: 9007199254740992.0\n    timestamp: '${timestamp}'\n`,
  );
  assertEquals(
    encode({}, { epoch: null, step: -1, timestamp }),
    `- value: {}\n  sequence:\n    epoch: null\n    step: -1\n    timestamp: '${timestamp}'\n`,
  );
});

Deno.test("a record encoder writes any number of names right", () => {
  const encode = createRecordEncoder();
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 5000; index++) {
      const name = `name: ${index}`;
      const sequence = { epoch: null, step: index, timestamp: "now" };
      assertEquals(
        encode({ [name]: 0.5 }, sequence),
        stringifyYaml([{ value: { [name]: 0.5 }, sequence }])
          .replace("timestamp: now", "timestamp: 'now'"),
      );
    }
  }
});
