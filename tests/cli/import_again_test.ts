import { assertEquals } from "@std/assert";
import { copy } from "@std/fs";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { EXCHANGE } from "../exchange/imported.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runWith } from "./fake_io.ts";

Deno.test("em import makes one run of each source, however often it is called, and follows sources that grow", async () => {
  using dir = tempDir();
  const at = (...names: string[]) => join(dir.path, ...names);
  await copy(join(EXCHANGE, "wandb"), at("wandb"));
  await copy(join(EXCHANGE, "mlflow", "mlruns"), at("mlruns"));
  await copy(join(EXCHANGE, "tensorboard"), at("logs"));
  using database = new DatabaseSync(at("mlflow.db"));
  database.exec(
    Deno.readTextFileSync(join(EXCHANGE, "mlflow", "mlflow.sql")),
  );
  const em = async (kind: string, path: string, ...flags: string[]) => {
    const args = ["import", kind, at(path), "--into", at("runs"), "--json"];
    const { code, stdout, stderr } = await runWith([...args, ...flags]);
    assertEquals(code, 0, stderr);
    const done: { action: string; path: string; records: number }[] = JSON
      .parse(stdout);
    const records = done.reduce((sum, run) => sum + run.records, 0);
    const actions = [...new Set(done.map(({ action }) => action))].join();
    return { actions, runs: done.length, records, stderr };
  };
  const loss = at(
    "mlruns/195657918081223713/1557eb773c2a474b966541634b6b65e3/metrics/loss",
  );
  const grow: Record<string, () => void> = {
    "wandb-offline wandb": cut(at("wandb/offline-run/run.wandb")),
    "tensorboard logs": cut(
      at("logs/torch/events.out.tfevents.1700000000.host.1.0"),
    ),
    "mlflow mlruns": cut(loss),
    "mlflow mlflow.db": () =>
      database.exec(
        `INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan)
         SELECT 'more', 1, 1700000000000, run_uuid, 7, 0 FROM runs`,
      ),
  };
  for (const [what, change] of Object.entries(grow)) {
    const [kind = "", path = ""] = what.split(" ");
    const first = await em(kind, path);
    assertEquals(first.actions, "new", what);
    const again = await em(kind, path);
    assertEquals([again.actions, again.runs], ["unchanged", first.runs], what);
    assertEquals(again.records, first.records, what);
    assertEquals(
      again.stderr,
      `0 imported, 0 brought up to date, ${first.runs} unchanged since they were imported (--again imports all)\n`,
    );
    change();
    const changed = await em(kind, path);
    assertEquals(changed.records > first.records, true, what);
    assertEquals(changed.runs, first.runs, what);
  }
  const count = () => [...Deno.readDirSync(at("runs"))].length;
  const before = count();
  const { actions, runs } = await em("wandb-offline", "wandb", "--again");
  assertEquals([actions, count() - before], ["new", runs]);
});

/** Cuts a file in half; what is given back makes it whole again. */
function cut(path: string): () => void {
  const bytes = Deno.readFileSync(path);
  const write = (share: number) =>
    Deno.writeFileSync(path, bytes.subarray(0, bytes.length * share));
  write(0.5);
  return () => write(1);
}
