/**
 * An artifact: files and references under one name, uploaded to a server, changed, and uploaded again.
 *
 *     deno run -A examples/artifact.ts
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { createArtifact, loadArtifact, login } from "@t9k/em";
import { startServer } from "@t9k/em/server";

const work = await Deno.makeTempDir({ prefix: "em-artifact-" });
await Deno.mkdir(`${work}/data/train`, { recursive: true });
for (let part = 0; part < 3; part++) {
  const numbers = Float32Array.from({ length: 50_000 }, (_, i) => i * part);
  await Deno.writeFile(
    `${work}/data/train/${part}.bin`,
    new Uint8Array(numbers.buffer),
  );
}
await Deno.writeTextFile(`${work}/README.txt`, "three parts\n");

const dataset = await createArtifact({
  name: "numbers",
  labels: ["dataset"],
  description: "Three files of 50 000 floats.",
});
await dataset.addDir(`${work}/data`);
await dataset.addFile(`${work}/README.txt`, "docs/");
await dataset.addReference("s3://bucket/numbers/original.csv", "raw/");
const checksums = await dataset.checksums();
for (const object of dataset.objects) {
  const what = "uri" in object
    ? object.uri
    : `${object.sizeBytes} bytes, ${checksums.get(object.path)}`;
  console.log(`${object.path.padEnd(20)} ${what}`);
}

const server = await startServer({ dataDir: `${work}/server`, port: 0 });
await login({ host: server.url, apiKey: server.firstStart?.apiKey ?? "" });
const first = await dataset.upload();
console.log(`upload ${first.state}: ${first.sentObjects} objects sent`);

await Deno.writeTextFile(`${work}/README.txt`, "three parts of floats\n");
const again = await loadArtifact(dataset.local);
await again.addFile(`${work}/README.txt`, "docs/README.txt");
const second = await again.upload();
console.log(`upload ${second.state}: ${second.sentObjects} object sent`);
console.log(`it is ${again.remote[0]?.path} on the server`);

await server.shutdown();
await Deno.remove(work, { recursive: true });
