import { assertEquals } from "@std/assert";
import {
  changedLabels,
  commonLabels,
} from "../../../src/web/nodes/label_change.ts";

Deno.test("changedLabels() leaves alone what nodes do not have in common", () => {
  const before = commonLabels([["a", "x", "b"], ["b", "a", "y"], ["b", "a"]]);
  assertEquals(before, ["a", "b"]);
  assertEquals(changedLabels(["a", "x", "b"], before, ["b", "new"]), [
    "x",
    "b",
    "new",
  ]);
  assertEquals(changedLabels(["b", "a"], before, []), []);
  assertEquals(changedLabels(["x"], [], ["x"]), ["x"]);
  assertEquals(commonLabels([]), []);
});
