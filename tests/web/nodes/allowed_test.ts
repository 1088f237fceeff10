import { assertEquals } from "@std/assert";
import {
  allowedActions,
  isAtOrBelow,
  parentPath,
} from "../../../src/web/nodes/allowed.ts";

const node = { type: "Run", path: "/ann/a/b", permission: "edit" } as const;

Deno.test("allowedActions() offers nothing that is refused", () => {
  const asker = { user: "demo", parent: "none" } as const;
  const edit = ["rename", "labels", "description"];
  const cases: [found: Iterable<string>, wanted: string[]][] = [
    [allowedActions(node, asker), [...edit, "shortcut"]],
    [allowedActions(node, { user: "demo" }), [...edit, "shortcut"]],
    [
      allowedActions(node, { ...asker, parent: "edit" }),
      [...edit, "move", "shortcut", "delete"],
    ],
    [allowedActions({ ...node, permission: "view" }, asker), ["shortcut"]],
    [
      allowedActions({ ...node, permission: "own", type: "Folder" }, asker),
      ["newFolder", ...edit, "move", "share", "shortcut", "delete"],
    ],
    [
      allowedActions(
        { type: "Folder", path: "/ann", permission: "own" },
        asker,
      ),
      ["newFolder", "labels", "description", "share", "shortcut"],
    ],
    [
      allowedActions({ ...node, type: "Shortcut", permission: "view" }, asker),
      [],
    ],
    [
      allowedActions({ ...node, permission: "own" }, {
        user: "ann",
        readOnly: true,
      }),
      [],
    ],
  ];
  for (const [found, wanted] of cases) assertEquals([...found], wanted);
});

Deno.test("parentPath() and isAtOrBelow() cut at slashes only", () => {
  assertEquals(parentPath("/a/b"), "/a");
  assertEquals(parentPath("/a"), undefined);
  assertEquals(isAtOrBelow("/a/b", "/a"), true);
  assertEquals(isAtOrBelow("/ab", "/a"), false);
  assertEquals(isAtOrBelow("/a", "/a"), true);
});
