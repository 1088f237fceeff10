/**
 * Unpacks the browser that an npm package ships into `TMPDIR`, and prints where it is. A program of its own, since the
 * package looks at the environment when it is loaded.
 *
 * @module
 */

import chromium from "@sparticuz/chromium";

// deno-lint-ignore no-console -- this is a command-line program
console.log(await chromium.executablePath());
