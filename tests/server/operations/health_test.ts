import { assertEquals } from "@std/assert";
import { MIN_FREE_BYTES } from "../../../src/server/limits.ts";
import {
  Health,
  type HealthFacts,
} from "../../../src/server/operations/health.ts";

Deno.test("Health names what is wrong in words for strangers, and asks again only after a while", async () => {
  const well: HealthFacts = {
    checkDatabase: () => {},
    checkWriting: () => Promise.resolve(),
    freeBytes: () => Promise.resolve(undefined),
  };
  const fail = () => {
    throw new Error("/secret/path is broken");
  };
  const table: [Partial<HealthFacts>, string | undefined][] = [
    [{}, undefined],
    [{ freeBytes: () => Promise.resolve(MIN_FREE_BYTES) }, undefined],
    [
      { freeBytes: () => Promise.resolve(5) },
      `5 bytes are left for data, at least ${MIN_FREE_BYTES} are needed`,
    ],
    [{ checkDatabase: fail }, "the database does not answer"],
    [
      { checkWriting: () => Promise.resolve().then(fail) },
      "the data folder cannot be written to",
    ],
  ];
  for (const [facts, problem] of table) {
    assertEquals(await new Health({ ...well, ...facts }).problem(), problem);
  }
  let asked = 0;
  const counted = { ...well, checkDatabase: () => void asked++ };
  const patient = new Health(counted, 60_000);
  for (let i = 0; i < 5; i++) await patient.problem();
  const eager = new Health(counted, -1);
  for (let i = 0; i < 5; i++) await eager.problem();
  assertEquals(asked, 1 + 5);
});
