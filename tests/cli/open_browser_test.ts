import { assertEquals } from "@std/assert";
import { browserCommand, mayOpenBrowser } from "../../src/cli/open_browser.ts";

Deno.test("mayOpenBrowser() is for who sits at a terminal of a machine with a display", () => {
  const cases: [
    os: typeof Deno.build.os,
    isTerminal: boolean,
    env: Record<string, string>,
    wanted: boolean,
  ][] = [
    ["linux", true, { DISPLAY: ":0" }, true],
    ["linux", true, { WAYLAND_DISPLAY: "wayland-0" }, true],
    ["linux", true, {}, false],
    ["linux", false, { DISPLAY: ":0" }, false],
    ["linux", true, { DISPLAY: ":10", SSH_CONNECTION: "10.0.0.1 1" }, false],
    ["darwin", true, {}, true],
    ["darwin", true, { SSH_CONNECTION: "10.0.0.1 1" }, false],
    ["darwin", false, {}, false],
    ["windows", true, {}, true],
  ];
  for (const [os, isTerminal, env, wanted] of cases) {
    const desk = { os, isTerminal, env: (name: string) => env[name] };
    assertEquals(mayOpenBrowser(desk), wanted, Deno.inspect([os, env]));
  }
});

Deno.test("browserCommand() hands the address over as it is, past every shell", () => {
  const url = "http://127.0.0.1:5858/t9k/em/web/";
  assertEquals(browserCommand(url, "linux"), ["xdg-open", url]);
  assertEquals(browserCommand(url, "darwin"), ["open", url]);
  assertEquals(browserCommand(url, "windows"), ["explorer", url]);
});
