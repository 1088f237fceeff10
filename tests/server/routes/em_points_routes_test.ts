import { assertEquals } from "@std/assert";
import { tempDir } from "../../support/temp_dir.ts";
import { emServer } from "../metrics/support.ts";
import { makeRuns } from "../support/made_runs.ts";

Deno.test("CSV holds every point, exactly", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const { ids } = await makeRuns(server);
  const response = await server.call("GET /em/v1/export.csv", {
    query: [["node", ids[5] ?? ""], ["metric", "train/loss"], [
      "metric",
      "no/such",
    ]],
  });
  const id = ids[5];
  assertEquals(
    (await response.text()).split("\r\n"),
    [
      "run,node,type,metric,step,epoch,time,value",
      `run-05,${id},train,loss,0,0,2026-11-23T08:00:01.000000Z,3`,
      `run-05,${id},train,loss,1,0,2026-11-23T08:00:02.000000Z,NaN`,
      `run-05,${id},train,loss,2,0,2026-11-23T08:00:03.000000Z,2`,
      "",
    ],
  );
});
