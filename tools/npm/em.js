#!/usr/bin/env node
if (typeof Deno === "undefined") await import("./needs_deno.js");
const { runCli } = await import("./dist/src/cli/main.js");
Deno.exit(await runCli(Deno.args));
