import { assert, assertEquals } from "@std/assert";
import { Placement } from "../../src/viewer/placement.ts";

const RUN = "r_261123_082118_6fauz3";

Deno.test("directories stand in the root, or in a folder that is called like the one above, under names that nobody has", () => {
  const placement = new Placement("/p/.em");
  const { rootId } = placement;
  const top = placement.take(`/p/.em/runs/${RUN}`, "1");
  assertEquals(top, { parent: rootId, name: RUN, isFirst: true });
  assertEquals(placement.folderOf(`/p/.em/runs/${RUN}`), undefined);
  assertEquals(placement.folderOf(`/p/.em/${RUN}`), undefined);
  // Of the same name beside those of runs/: told by the directory above.
  assertEquals(placement.take(`/p/.em/${RUN}`, "2").name, `.em:${RUN}`);
  const folder = placement.folderOf(`/p/.em/exp/${RUN}`);
  assert(folder);
  assertEquals(folder.name, "exp");
  const inside = placement.take(`/p/.em/exp/${RUN}`, "3");
  assertEquals(inside, { parent: folder.id, name: RUN, isFirst: true });
  assertEquals(
    [
      `/p/${RUN}`,
      `/p/${RUN}/a/b`,
      `/p/exp/${RUN}/a`,
      "/p/exp",
      "/p",
      `/p/x/${RUN}`,
    ]
      .map((path) => placement.find(path)),
    ["1", "1", "3", undefined, undefined, undefined],
  );
  assertEquals(placement.release(inside), true);
  assertEquals(placement.release(top), false);
  assertEquals(placement.find(`/p/exp/${RUN}/a`), undefined);
});

Deno.test("a single run stands in a root of its own", () => {
  const placement = new Placement(`/p/runs/${RUN}`);
  const place = placement.take(`/p/runs/${RUN}`, "1");
  assertEquals(place, { parent: placement.rootId, name: RUN, isFirst: true });
  assertEquals(placement.find(`/${RUN}/${RUN}/stdout.log`), "1");
});
