import { assertEquals } from "@std/assert";
import {
  placesOf,
  readType,
  sortTypes,
} from "../../../src/web/charts/metric_type.ts";

Deno.test("sortTypes() names train, validation and test first", () => {
  assertEquals(sortTypes(["zeta", "test", "val", "alpha", "train", "test"]), [
    "train",
    "val",
    "test",
    "alpha",
    "zeta",
  ]);
});

Deno.test("sortTypes() lets each type be followed by its ranks, in the order of their numbers", () => {
  assertEquals(
    sortTypes(["val@rank1", "train@rank10", "val", "train@rank2", "train"]),
    ["train", "train@rank2", "train@rank10", "val", "val@rank1"],
  );
});

Deno.test("readType() takes only what ends in a rank apart", () => {
  assertEquals(readType("train@rank12"), { base: "train", rank: 12 });
  for (const base of ["train", "@rank1", "train@rank", "a@rank1/b"]) {
    assertEquals(readType(base), { base, rank: undefined });
  }
});

Deno.test("placesOf() tells where types and ranks stand", () => {
  const places = placesOf(["train", "train@rank3", "val", "val@rank1"]);
  assertEquals(places.hasRanks, true);
  assertEquals(places.of("train"), { base: 0, rank: 0 });
  assertEquals(places.of("train@rank3"), { base: 0, rank: 2 });
  assertEquals(places.of("val@rank1"), { base: 1, rank: 1 });
  assertEquals(placesOf(["val"]).hasRanks, false);
});
