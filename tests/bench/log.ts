import { join } from "@std/path";
import { encodeIndex } from "../../src/format/run_index.ts";
import { Document } from "../../src/local/document.ts";
import { MetricsLog } from "../../src/run/metrics_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { type BenchReport, median, nanosecondsPerCall } from "./measure.ts";

const ROUNDS = 15;
const CALLS = 20_000;

/**
 * `log()` of two metrics, durable against SIGKILL, against one `write` of the same bytes on an open file.
 * Rounds of both alternate, so that the machine's noise meets both.
 */
export function run(): BenchReport {
  using dir = tempDir();
  Deno.mkdirSync(join(dir.path, "metrics"));
  const index = new Document(join(dir.path, "index.yaml"), dir.path);
  index.write(encodeIndex([]));
  const metrics = new MetricsLog({ dir: dir.path, index });
  metrics.append("train", {
    loss: 0.3123456789012345,
    accuracy: 0.8987654321098765,
  }, { step: 1 });
  const record = Deno.readFileSync(join(dir.path, "metrics/train.yaml"));
  using raw = Deno.openSync(join(dir.path, "raw"), {
    append: true,
    create: true,
  });

  let step = 0;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(nanosecondsPerCall(CALLS, () => raw.writeSync(record)));
    ours.push(nanosecondsPerCall(CALLS, () => {
      step++;
      metrics.append("train", {
        loss: 0.3 + 1 / step,
        accuracy: 0.9 - 1 / step,
      }, { step });
    }));
    raw.truncateSync(0);
  }
  metrics.close();
  const found = median(ours) / median(theirs);
  return {
    figures: [{
      what: "`log()` of two metrics, durable against SIGKILL",
      measured: `${found.toFixed(2)} x`,
      against:
        `one \`write\` of the same bytes on an open file, ${ROUNDS} rounds of ${CALLS}`,
      hold: "at most 2 x",
      holds: found <= 2,
    }],
    name:
      "log() of two metrics against one write of the same bytes (hold: 2.0)",
    lines: [
      `${found.toFixed(2)} x  (medians of ${ROUNDS} rounds of ${CALLS}: ` +
      `${median(ours).toFixed(0)} ns against ${median(theirs).toFixed(0)} ns)`,
    ],
  };
}
