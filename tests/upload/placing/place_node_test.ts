import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import {
  AuthenticationError,
  FolderNotFoundError,
  NodeExistsError,
} from "../../../src/errors.ts";
import { placeNode } from "../../../src/upload/placing/place_node.ts";
import type {
  ConflictStrategy,
  Placement,
  UploadIntent,
} from "../../../src/upload/types.ts";
import { RealServer } from "../support/real_server.ts";
import { INTENT, NODE } from "../support/support.ts";

const SAME = JSON.stringify({ alternativeName: NODE.alternativeName });
const OTHER = JSON.stringify({ alternativeName: "cnn_200101_000000_aaaaaa" });
const NAME = "/demo/f/cnn";
const ALTERNATIVE = `/demo/f/${NODE.alternativeName}`;

function place(
  server: RealServer,
  intent: Partial<UploadIntent>,
): Promise<Placement> {
  const { client } = server;
  return placeNode(client, { node: NODE, intent: { ...INTENT, ...intent } });
}

/** What came of it: a path, `=` when a node was used again, `skipped`, or the error's type and path. */
async function outcome(placing: Promise<Placement>): Promise<string> {
  try {
    const placement = await placing;
    if (placement.state === "skipped") return `skipped ${placement.path}`;
    return `${placement.node.reused ? "=" : ""}${placement.node.path}`;
  } catch (error) {
    assertInstanceOf(error, NodeExistsError);
    return `exists ${error.type} ${error.path}`;
  }
}

Deno.test("placeNode() settles every conflict as the strategy says", async () => {
  const run = { [NAME]: ["Run", OTHER] } as const;
  const both = { ...run, [ALTERNATIVE]: ["Run", OTHER] } as const;
  const table: [
    string,
    Record<string, readonly [string, string]>,
    Record<ConflictStrategy, string>,
  ][] = [
    ["nothing there", {}, {
      skip: NAME,
      error: NAME,
      new: NAME,
      replace: NAME,
    }],
    ["the same run", { [NAME]: ["Run", SAME] }, {
      skip: `=${NAME}`,
      error: `=${NAME}`,
      new: `=${NAME}`,
      replace: `=${NAME}`,
    }],
    ["another run", run, {
      skip: `skipped ${NAME}`,
      error: `exists Run ${NAME}`,
      new: ALTERNATIVE,
      replace: NAME,
    }],
    ["an artifact with our alternative name", { [NAME]: ["Artifact", SAME] }, {
      skip: `skipped ${NAME}`,
      error: `exists Artifact ${NAME}`,
      new: ALTERNATIVE,
      replace: `exists Artifact ${NAME}`,
    }],
    ["a folder", { [NAME]: ["Folder", "{}"] }, {
      skip: `skipped ${NAME}`,
      error: `exists Folder ${NAME}`,
      new: ALTERNATIVE,
      replace: `exists Folder ${NAME}`,
    }],
    ["a run with an empty extra", { [NAME]: ["Run", ""] }, {
      skip: `skipped ${NAME}`,
      error: `exists Run ${NAME}`,
      new: ALTERNATIVE,
      replace: NAME,
    }],
    ["a run with a malformed extra", { [NAME]: ["Run", "{null"] }, {
      skip: `skipped ${NAME}`,
      error: `exists Run ${NAME}`,
      new: ALTERNATIVE,
      replace: NAME,
    }],
    ["other runs under both names", both, {
      skip: `skipped ${NAME}`,
      error: `exists Run ${NAME}`,
      new: `exists Run ${ALTERNATIVE}`,
      replace: NAME,
    }],
    ["another run, and this one under its alternative name", {
      ...run,
      [ALTERNATIVE]: ["Run", SAME],
    }, {
      skip: `skipped ${NAME}`,
      error: `exists Run ${NAME}`,
      new: `=${ALTERNATIVE}`,
      replace: NAME,
    }],
  ];
  for (const [label, there, wanted] of table) {
    for (const strategy of ["skip", "error", "new", "replace"] as const) {
      await using server = await RealServer.start();
      await server.add("/demo/f", "Folder");
      for (const [path, [type, extra]] of Object.entries(there)) {
        await server.add(path, type, extra);
      }
      const got = await outcome(
        place(server, { folder: "f", conflictStrategy: strategy }),
      );
      assertEquals(got, wanted[strategy], `${label}, ${strategy}`);
      for (const [path, [type]] of Object.entries(there)) {
        if (type === "Run") continue;
        const kept = await server.client.node(path);
        assertEquals(kept?.type, type, `${label}, ${strategy}: ${path} stays`);
      }
    }
  }
});

Deno.test("placeNode() finds and makes folders by the Python SDK's rules", async () => {
  const table: [
    folder: string,
    makeFolder: boolean,
    wanted: string | undefined,
  ][] = [
    ["default", false, "/demo/default/cnn"],
    ["default/", false, "/demo/default/cnn"],
    ["/demo/default", false, "/demo/default/cnn"],
    ["default/x", false, undefined],
    ["cv", false, undefined],
    ["cv", true, "/demo/cv/cnn"],
    ["cv/image/mnist//", true, "/demo/cv/image/mnist/cnn"],
    ["/demo/cv/image", true, "/demo/cv/image/cnn"],
    ["", false, "/demo/cnn"],
  ];
  for (const [folder, makeFolder, wanted] of table) {
    await using server = await RealServer.start();
    const placing = place(server, { folder, makeFolder });
    if (wanted === undefined) {
      await assertRejects(
        () => placing,
        FolderNotFoundError,
        "does not exist on the server",
      );
    } else {
      assertEquals(
        await outcome(placing),
        wanted,
        `${folder}, makeFolder ${makeFolder}`,
      );
      assertEquals((await server.client.node(wanted))?.labels, ["CNN"]);
    }
  }
});

Deno.test("placeNode() may not make folders of another user", async () => {
  await using server = await RealServer.start();
  await assertRejects(
    () => place(server, { folder: "/nobody/x", makeFolder: true }),
    AuthenticationError,
    "permission denied",
  );
});

Deno.test("placeNode() uses a known node again only while it is still ours", async () => {
  await using server = await RealServer.start();
  await server.add("/demo/elsewhere", "Folder");
  const mine = await server.add("/demo/elsewhere/renamed", "Run", SAME);
  const other = await server.add("/demo/elsewhere/other", "Run", OTHER);
  const { client } = server;
  const table: [string, string, string][] = [
    ["ours, even when moved", mine, "=/demo/elsewhere/renamed"],
    ["another run", other, "/demo/default/cnn"],
    ["gone", crypto.randomUUID(), "=/demo/default/cnn"],
  ];
  for (const [label, id, wanted] of table) {
    const known = { id, path: "/demo/default/cnn" };
    const got = await outcome(
      placeNode(client, { node: NODE, intent: INTENT, known }),
    );
    assertEquals(got, wanted, label);
  }
});
