/** The base line of the benchmark `startup`. */

// deno-lint-ignore no-console -- its answer
console.log("{}");
