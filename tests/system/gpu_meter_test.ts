import { assertEquals } from "@std/assert";
import { GpuMeter } from "../../src/system/gpu_meter.ts";
import type { GpuAnswer } from "../../src/system/gpus.ts";

/** Which of so many looks ask, and what trouble is told, where each question takes so long. */
async function looks(
  answers: readonly GpuAnswer[],
  { tookMs, count }: { readonly tookMs: number; readonly count: number },
): Promise<{ readonly asked: readonly number[]; readonly told: string[] }> {
  let now = 0;
  let isAsked = false;
  let next = 0;
  const told: string[] = [];
  const meter = new GpuMeter({
    clock: () => now,
    signal: new AbortController().signal,
    ask() {
      now += tookMs;
      isAsked = true;
      return Promise.resolve(answers[next++ % answers.length] as GpuAnswer);
    },
    onProcess: () => {},
    onTrouble: (reason) => told.push(reason),
  });
  const asked: number[] = [];
  for (let look = 0; look < count; look++) {
    isAsked = false;
    const values = await meter.read();
    if (isAsked) asked.push(look);
    else assertEquals(values, {});
  }
  return { asked, told };
}

const FINE: GpuAnswer = { state: "answered", values: { gpu_0_percent: 5 } };

Deno.test("GpuMeter asks the more seldom the longer an answer takes", async () => {
  const table: [number, readonly number[]][] = [
    [0, [0, 1, 2, 3, 4, 5, 6]],
    [100, [0, 1, 2, 3, 4, 5, 6]],
    [101, [0, 2, 4, 6]],
    [300, [0, 3, 6]],
    [5000, [0]],
  ];
  for (const [tookMs, expected] of table) {
    const { asked, told } = await looks([FINE], { tookMs, count: 7 });
    assertEquals(asked, expected, `${tookMs} ms`);
    assertEquals(told, []);
  }
});

Deno.test("GpuMeter asks a machine without the program once, and one with trouble seldom, and tells that once", async () => {
  const missing = await looks([{ state: "missing" }], { tookMs: 1, count: 99 });
  assertEquals(missing, { asked: [0], told: [] });
  const failed: GpuAnswer = { state: "failed", reason: "it said no" };
  const troubled = await looks([failed, FINE, failed], {
    tookMs: 50,
    count: 65,
  });
  assertEquals(troubled.asked, [0, 31, 32, 63]);
  assertEquals(troubled.told, ["it said no"]);
});
