import { assertEquals, assertStringIncludes } from "@std/assert";
import { stateDir } from "../../../src/local/layout.ts";
import { Turn } from "../../../src/upload/notes/turn.ts";
import { ROOT, runScript, spawnScript } from "../../support/script.ts";
import { RunDir, until } from "../support/support.ts";

Deno.test("a Turn is had by one at a time, also within one process, and says who has it", () => {
  using dir = new RunDir();
  const [a, b] = [new Turn(dir.path), new Turn(dir.path)];
  assertEquals([a.take(), a.isHeld], ["taken", true]);
  assertEquals([b.take(), b.isHeld], ["busy", false]);
  assertStringIncludes(b.obstacle ?? "", "of this process");
  a.give();
  assertEquals([b.take(), b.obstacle, a.take()], ["taken", undefined, "busy"]);
  b.give();
});

Deno.test("a Turn tells whether somebody else has sent something in between", () => {
  using dir = new RunDir();
  const [a, b] = [new Turn(dir.path), new Turn(dir.path)];
  const takes = (turn: Turn, sends: boolean) => {
    const result = turn.take();
    if (sends) turn.note();
    turn.give();
    return result;
  };
  assertEquals(takes(a, true), "taken");
  assertEquals(takes(a, true), "taken", "its own");
  assertEquals(takes(b, false), "taken", "it has believed nothing before");
  assertEquals(takes(a, false), "taken", "the other has only looked");
  assertEquals(takes(b, true), "taken");
  assertEquals(takes(a, false), "taken after another");
  assertEquals(takes(a, false), "taken", "that is known now");
  assertEquals(takes(b, true), "taken");
  assertEquals(takes(a, false), "taken after another", "once more");
  for (const text of ["damaged", "null", "7", '{"by":1}', ""]) {
    assertEquals(takes(a, true), "taken");
    Deno.writeTextFileSync(`${stateDir(dir.path)}/upload.lock`, text);
    assertEquals(
      takes(a, false),
      "taken after another",
      `to be on the safe side: ${text}`,
    );
  }
});

Deno.test("a Turn ends with the process that has it, even if that is killed", async () => {
  using dir = new RunDir();
  const script = `import { Turn } from "${new URL(
    "src/upload/notes/turn.ts",
    ROOT,
  )}"; const turn = new Turn(${
    JSON.stringify(dir.path)
  }); setInterval(() => turn.take(), 10);`;
  const child = spawnScript(script, { dir: dir.parent });
  const turn = new Turn(dir.path);
  await until("the child has it", () => {
    const result = turn.take();
    turn.give();
    return result === "busy" &&
      turn.obstacle?.includes(`${child.pid}`) === true;
  });
  child.kill("SIGKILL");
  await child.output();
  assertEquals(turn.take(), "taken");
  turn.give();
});

Deno.test("without leave to write beside the directory everybody has the Turn", async () => {
  using dir = new RunDir();
  const script = `import { Turn } from "${new URL(
    "src/upload/notes/turn.ts",
    ROOT,
  )}"; const turns = [1, 2].map(() => new Turn(${
    JSON.stringify(dir.path)
  })); for (const turn of turns) console.log(turn.take(), turn.isHeld); turns[0].note(); turns[0].give(); console.log(turns[0].isHeld);`;
  const { stdout, stderr } = await runScript(script, {
    dir: dir.parent,
    flags: [`--allow-read=${dir.parent},${ROOT.pathname}`],
  });
  assertEquals([stdout, stderr], ["taken true\ntaken true\nfalse\n", ""]);
});
