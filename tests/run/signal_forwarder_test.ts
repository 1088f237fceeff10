import { assertEquals } from "@std/assert";
import { SignalForwarder } from "../../src/run/signal_forwarder.ts";

Deno.test("SignalForwarder.end() kills a child that does not end by itself, and all of its group", async () => {
  for (const isGroup of [false, true]) {
    const child = new Deno.Command("sh", {
      args: [
        "-c",
        "trap 'echo no' TERM; echo up; while :; do sleep 0.02; done",
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      detached: isGroup,
    }).spawn();
    using forwarder = new SignalForwarder(child, isGroup);
    const seen: string[] = [];
    for await (
      const text of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      seen.push(text);
      if (text.includes("up")) forwarder.end(100);
    }
    const { signal } = await child.status;
    assertEquals([seen.join(""), signal], ["up\nno\n", "SIGKILL"]);
    // It has ended: nothing is sent any more, and that is no error.
    forwarder.end(0);
  }
});
