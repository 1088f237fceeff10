import { assert, assertEquals, assertMatch } from "@std/assert";
import { createClock, formatTimestamp } from "../../src/format/timestamp.ts";
import { epochMicros } from "./encode_records.ts";

const FORMAT = new URL("../../src/format/", import.meta.url);

/** What is written for points in time, by itself and in a record, in a process in another time zone. */
async function writeIn(
  timeZone: string,
  micros: readonly number[],
): Promise<string[]> {
  const module = (name: string) => JSON.stringify(new URL(name, FORMAT).href);
  const script = `
    import { createRecordEncoder } from ${module("record_encoder.ts")};
    import { formatTimestamp } from ${module("timestamp.ts")};
    let now = 0;
    const encode = createRecordEncoder(() => now);
    for (const point of ${JSON.stringify(micros)}) {
      now = point / 1000;
      const text = formatTimestamp(point);
      const item = new TextDecoder().decode(encode({}, 1, null));
      if (!item.endsWith("\\n    timestamp: '" + text + "'\\n")) {
        throw new Error(text + " is not in " + item);
      }
      console.log(text);
    }`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", "--ext=ts", script],
    env: { TZ: timeZone, NO_COLOR: "1" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

Deno.test("formatTimestamp() and an encoder of records write local time with offset and microseconds", async () => {
  assertEquals(
    await writeIn("Asia/Shanghai", [
      epochMicros("2026-11-23T08:21:28.475380Z"),
      epochMicros("2026-11-23T08:21:28.000001Z"),
      epochMicros("2026-11-23T08:21:28Z"),
      epochMicros("2026-12-31T16:00:00.5Z"),
    ]),
    [
      "2026-11-23T16:21:28.475380+08:00",
      "2026-11-23T16:21:28.000001+08:00",
      "2026-11-23T16:21:28+08:00",
      "2027-01-01T00:00:00.500000+08:00",
    ],
  );
  assertEquals(
    await writeIn("UTC", [epochMicros("2026-01-02T03:04:05.006007Z")]),
    [
      "2026-01-02T03:04:05.006007+00:00",
    ],
  );
  assertEquals(
    await writeIn("Asia/Kathmandu", [epochMicros("2026-01-02T03:04:05Z")]),
    ["2026-01-02T08:49:05+05:45"],
  );
});

Deno.test("formatTimestamp() and an encoder of records follow daylight saving time, and a clock that goes back", async () => {
  assertEquals(
    await writeIn("America/New_York", [
      epochMicros("2026-03-08T06:59:59.999999Z"),
      epochMicros("2026-03-08T07:00:00Z"),
      epochMicros("2026-11-01T05:59:59.999999Z"),
      epochMicros("2026-11-01T06:00:00.000001Z"),
      epochMicros("2026-11-01T05:59:59.999998Z"),
    ]),
    [
      "2026-03-08T01:59:59.999999-05:00",
      "2026-03-08T03:00:00-04:00",
      "2026-11-01T01:59:59.999999-04:00",
      "2026-11-01T01:00:00.000001-05:00",
      "2026-11-01T01:59:59.999998-04:00",
    ],
  );
});

Deno.test("formatTimestamp() says the present by default", () => {
  const before = Date.now();
  const text = formatTimestamp();
  const after = Date.now();
  assertMatch(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?[-+]\d\d:\d\d$/);
  const time = Temporal.Instant.from(text).epochMilliseconds;
  assert(time >= before - 5 && time <= after + 5, `${before} ${time} ${after}`);
});

Deno.test("createClock() adds the fraction of the monotonic clock to the wall clock", () => {
  let monotonic = 10.125;
  const clock = createClock({
    monotonic: () => monotonic,
    origin: 1_000_000,
    wall: () => 1_000_010,
  });
  assertEquals(clock(), 1_000_010.125);
  monotonic = 11.5;
  assertEquals(clock(), 1_000_011.5);
});

Deno.test("createClock() is right again within half a second after the machine slept or the time was set", () => {
  let monotonic = 0;
  let wall = 1_000_000;
  const clock = createClock({
    monotonic: () => monotonic,
    origin: 1_000_000,
    wall: () => wall,
  });
  for (const jump of [3_600_000, -7_200_000]) {
    clock();
    wall += jump;
    monotonic += 500;
    wall += 500;
    assertEquals(clock(), wall);
  }
  // A difference of less than a second is left alone, so that time does not jitter.
  wall += 900;
  monotonic += 10_000;
  wall += 10_000;
  assertEquals(clock(), wall - 900);
});
