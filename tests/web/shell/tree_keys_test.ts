import { assertEquals } from "@std/assert";
import { nextItem } from "../../../src/web/shell/tree_keys.ts";

const levels = [1, 2, 3, 3, 2];
const names = ["demo", "cv", "mnist", "cifar", "nlp"];

Deno.test("nextItem() leads through a tree as its keys do everywhere", () => {
  const cases: [key: string, at: number, next: number | undefined][] = [
    ["ArrowDown", 0, 1],
    ["ArrowDown", 4, 4],
    ["ArrowUp", 0, 0],
    ["ArrowUp", 3, 2],
    ["Home", 3, 0],
    ["End", 0, 4],
    ["ArrowRight", 1, 2],
    ["ArrowRight", 2, undefined],
    ["ArrowLeft", 3, 1],
    ["ArrowLeft", 4, 0],
    ["ArrowLeft", 0, undefined],
    ["c", 0, 1],
    ["C", 1, 3],
    ["c", 3, 1],
    ["z", 0, undefined],
    ["Enter", 0, undefined],
  ];
  for (const [key, at, next] of cases) {
    assertEquals(nextItem(key, { at, levels, names }), next, `${key} at ${at}`);
  }
});
