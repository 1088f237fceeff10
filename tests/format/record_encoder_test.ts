import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";
import { formatTimestamp } from "../../src/format/timestamp.ts";
import { stringifyYaml } from "../../src/format/yaml_writer.ts";
import { runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { encodeRecords } from "./encode_records.ts";
import { parsedFixtures, readFixture } from "./fixtures.ts";
import { metricRecords } from "./metric_records.ts";

const MICROS = 1_700_000_000_123_456;
const TIMESTAMP = formatTimestamp(MICROS);
const clock = () => MICROS / 1000;
const decoder = new TextDecoder();

/** What the package writes for the records that PyYAML read from metrics files, in a process in another time zone. */
async function reencodeIn(
  timeZone: string,
  paths: readonly string[],
): Promise<string[]> {
  using dir = tempDir();
  const module = (name: string) =>
    JSON.stringify(new URL(name, import.meta.url).href);
  const { code, stdout, stderr } = await runScript(
    `
    import { encodeRecords } from ${module("./encode_records.ts")};
    import { readFixture } from ${module("./fixtures.ts")};
    import { fromTyped } from ${module("./typed_value.ts")};
    const texts = Deno.args.map((path) => {
      const parsed = JSON.parse(readFixture("_parsed/" + path + ".json")).ok;
      return encodeRecords(fromTyped(parsed).map((item) => ({
        value: Object.fromEntries(item.get("value")),
        sequence: Object.fromEntries(item.get("sequence")),
      })));
    });
    console.log(JSON.stringify(texts));`,
    { dir: dir.path, env: { TZ: timeZone }, args: paths },
  );
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

Deno.test("an encoder writes the bytes of the Python SDK for every record in the fixtures", async () => {
  const files = parsedFixtures()
    .filter((path) => path.includes("/metrics/") && !path.startsWith("c22"));
  let compared = 0;
  let records = 0;
  const zones = [["UTC", "+00:00"], ["Asia/Shanghai", "+08:00"]] as const;
  for (const [timeZone, offset] of zones) {
    const there = files.filter((path) =>
      readFixture(path).includes(`${offset}'\n`)
    );
    const texts = await reencodeIn(timeZone, there);
    for (const [index, path] of there.entries()) {
      const text = readFixture(path);
      assertEquals(texts[index], text, path);
      records += text.split("\n- value").length;
      compared++;
    }
  }
  assertEquals(compared, files.length);
  assert(records > 1000);
});

Deno.test("an encoder writes values as floats, and steps and epochs as ints where they are whole", () => {
  const encode = createRecordEncoder(clock);
  assertEquals(
    decoder.decode(encode({ loss: 1, "": NaN }, 2 ** 53, 0.5)),
    "- value:\n    loss: 1.0\n    ? ''\n    : .nan\n  sequence:\n    epoch: 0.5\n" +
      `    step: 9007199254740992.0\n    timestamp: '${TIMESTAMP}'\n`,
  );
  assertEquals(
    decoder.decode(encode({}, -1, null)),
    `- value: {}\n  sequence:\n    epoch: null\n    step: -1\n    timestamp: '${TIMESTAMP}'\n`,
  );
});

Deno.test("an encoder writes any number of names right, of any length", () => {
  const encode = createRecordEncoder(clock);
  const check = (value: Record<string, number>, step: number) =>
    assertEquals(
      decoder.decode(encode(value, step, null)),
      stringifyYaml([
        { value, sequence: { epoch: null, step, timestamp: TIMESTAMP } },
      ]),
    );
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 5000; index++) {
      check({ [`name: ${index}`]: 0.5 }, index);
    }
  }
  check({ loss: 0.5 }, 0);
  const many = Array.from({ length: 500 }, (_, index) => `学 ${index}`);
  check(Object.fromEntries(many.map((name) => [name, 5e-324])), 1);
  check({ ["k".repeat(100_000)]: 0.5, loss: -5e-324 }, 2);
  check({ loss: 0.25 }, 3);
  check({ loss: 0.5 }, 4);
});

Deno.test("an encoder writes what stringifyYaml() writes, whatever it wrote before", () => {
  fc.assert(
    fc.property(fc.array(metricRecords, { maxLength: 8 }), (records) => {
      // stringifyYaml() cannot know that a whole number is a float.
      const fractions = records.map((record) => ({
        ...record,
        value: Object.fromEntries(
          Object.entries(record.value)
            .filter(([, value]) =>
              !Number.isSafeInteger(value) || Object.is(value, -0)
            ),
        ),
      }));
      assertEquals(
        encodeRecords(fractions),
        fractions.map(({ value, sequence }) =>
          stringifyYaml([{ value, sequence: { ...sequence } }])
        ).join(""),
      );
    }),
    { numRuns: 500 },
  );
});

Deno.test("an encoder writes the nearest microsecond, at the end of a second too", () => {
  let now = 0;
  const encode = createRecordEncoder(() => now);
  for (
    const [ms, micros] of [
      [1_700_000_000_000.0015, 1_700_000_000_000_002],
      [1_700_000_000_999.999, 1_700_000_000_999_999],
      [1_700_000_000_999.9995, 1_700_000_001_000_000],
    ] as const
  ) {
    now = ms;
    assertStringIncludes(
      decoder.decode(encode({}, 1, null)),
      `'${formatTimestamp(micros)}'`,
    );
  }
});

Deno.test("an encoder says the present by default", () => {
  const before = Date.now();
  const text = decoder.decode(createRecordEncoder()({}, 1, null));
  const after = Date.now();
  const timestamp = /timestamp: '(.+)'\n$/.exec(text)?.[1] ?? "";
  const time = Temporal.Instant.from(timestamp).epochMilliseconds;
  assert(time >= before - 5 && time <= after + 5, `${before} ${time} ${after}`);
});
