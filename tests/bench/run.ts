/**
 * Runs benchmarks: `deno task bench` all of them, `deno task bench log startup` those named. Each prints ratios that were
 * measured within its own run.
 *
 * @module
 */
import type { BenchReport } from "./measure.ts";

const BENCHES: Readonly<
  Record<string, () => Promise<{ run(): BenchReport | Promise<BenchReport> }>>
> = {
  log: () => import("./log.ts"),
  upload: () => import("./upload.ts"),
  startup: () => import("./startup.ts"),
  memory: () => import("./memory.ts"),
  sent: () => import("./sent.ts"),
  large: () => import("./large.ts"),
  read: () => import("./read_metrics.ts"),
  load: () => import("./load.ts"),
  ls: () => import("./ls.ts"),
  server: () => import("./server.ts"),
  web_table: () => import("./web_table.ts"),
  durability: () => import("./durability.ts"),
  team: () => import("./team.ts"),
  web: () => import("./web.ts"),
  web_hour: () => import("./web_hour.ts"),
};

const names = Deno.args.length > 0 ? Deno.args : Object.keys(BENCHES);
for (const name of names) {
  const load = BENCHES[name];
  if (load === undefined) {
    // deno-lint-ignore no-console -- this is a command-line program
    console.error(
      `There is no benchmark "${name}"; known are ${
        Object.keys(BENCHES).join(", ")
      }`,
    );
    Deno.exit(2);
  }
  const report = await (await load()).run();
  // deno-lint-ignore no-console -- this is a command-line program
  console.log(
    [report.name, ...report.lines.map((line) => `  ${line}`)].join("\n"),
  );
}
