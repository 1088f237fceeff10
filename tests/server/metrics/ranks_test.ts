import { assertEquals } from "@std/assert";
import { encodeRank } from "../../../src/format/rank_document.ts";
import { MAX_RANKS } from "../../../src/server/metrics/ranks.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { emServer } from "./support.ts";

const STARTED = "2026-11-23T08:21:18.167046+00:00";

function rankText(rank: number): string {
  return encodeRank({
    rank,
    startTimestamp: STARTED,
    endTimestamp: null,
    status: "Running",
    pid: 4711,
    hostname: `worker-${rank}`,
  });
}

Deno.test("/documents tells of the ranks of a run by their numbers, and of what cannot be read only that it is there", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const node = await server.make("/demo/r");
  const files = {
    "ranks/10/rank.yaml": rankText(10),
    "ranks/2/rank.yaml": rankText(2),
    "ranks/3/rank.yaml": "{ damaged",
    "ranks/4/rank.yaml": "status: [1]",
    "ranks/05/rank.yaml": rankText(5),
    "ranks/1/deeper/rank.yaml": rankText(1),
    "ranks/1/rank.yaml.txt": rankText(1),
    "rank.yaml": rankText(1),
  };
  for (const [key, text] of Object.entries(files)) {
    await server.put(`/demo/r/${key}`, text);
  }
  const { ranks } = await server.json("GET /em/v1/documents", {
    query: { node },
  });
  const known = (rank: number) => ({
    rank,
    status: "Running",
    startTimestamp: STARTED,
    endTimestamp: null,
    hostname: `worker-${rank}`,
  });
  const unknown = (rank: number) => ({
    rank,
    status: null,
    startTimestamp: null,
    endTimestamp: null,
    hostname: null,
  });
  assertEquals(ranks, {
    total: 4,
    list: [known(2), unknown(3), unknown(4), known(10)],
  });
});

Deno.test("/documents counts ranks beyond those that it tells of", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const node = await server.make("/demo/r");
  const total = MAX_RANKS + 2;
  for (let rank = 0; rank < total; rank++) {
    await server.put(`/demo/r/ranks/${rank}/rank.yaml`, rankText(rank));
  }
  const { ranks } = await server.json("GET /em/v1/documents", {
    query: { node },
  });
  assertEquals(ranks.total, total);
  assertEquals(ranks.list.length, MAX_RANKS);
  assertEquals(ranks.list.at(-1).rank, MAX_RANKS - 1);
});
