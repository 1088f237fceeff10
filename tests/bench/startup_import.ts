/** The benchmark `startup`: a script that imports the package and does nothing with it. */
import "../../mod.ts";

// deno-lint-ignore no-console -- its answer
console.log("{}");
