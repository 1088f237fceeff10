import { assertEquals, assertRejects } from "@std/assert";
import { copy, walkSync } from "@std/fs";
import { basename, dirname, fromFileUrl, join, relative } from "@std/path";
import { createHash } from "node:crypto";
import { loadArtifact, type LoadArtifactOptions } from "../../mod.ts";
import { fingerprint, fromTyped, type Typed } from "../format/typed_value.ts";
import { tempDir } from "../support/temp_dir.ts";

const FIXTURES = fromFileUrl(new URL("../fixtures", import.meta.url));

/** The fixtures' artifacts, as `<case>/artifacts/<artifact>`. */
function fixtureArtifacts(): string[] {
  const found = [...walkSync(FIXTURES, {
    includeDirs: false,
    match: [/c\d\d[^/]*\/artifacts\/[^/]+\/metadata\.yaml$/],
  })];
  return found.map(({ path }) => relative(FIXTURES, dirname(path))).sort();
}

/** What PyYAML reads from a fixture's file; undefined if there is no such file. */
function parsed(path: string): unknown {
  try {
    const text = Deno.readTextFileSync(
      join(FIXTURES, "_parsed", `${path}.json`),
    );
    return fromTyped((JSON.parse(text) as { ok: Typed }).ok);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

Deno.test("loadArtifact() has the values that the Python SDK has", async () => {
  let references = 0;
  const fixtures = fixtureArtifacts();
  for (const fixture of fixtures) {
    using dir = tempDir();
    const path = join(dir.path, basename(fixture));
    await copy(join(FIXTURES, fixture), path);
    const artifact = await loadArtifact(path);
    const metadata = parsed(`${fixture}/metadata.yaml`) as Map<string, unknown>;
    assertEquals(
      fingerprint(artifact.toDict()),
      fingerprint(metadata),
      fixture,
    );
    const { name, labels, description, createdTimestamp, remote } = artifact;
    for (
      const [key, value] of Object.entries({
        name,
        labels,
        description,
        createdTimestamp,
        remote,
      })
    ) assertEquals(fingerprint(value), fingerprint(metadata.get(key)), key);

    const files = new Map<string, string>();
    for (const file of walkSync(path, { includeDirs: false })) {
      const key = relative(path, file.path);
      if (key === "metadata.yaml" || key === "references.yaml") continue;
      const bytes = Deno.readFileSync(file.path);
      files.set(key, createHash("md5").update(bytes).digest("hex"));
    }
    assertEquals(new Map(await artifact.checksums()), files, fixture);
    const uris = artifact.objects.flatMap((object) =>
      "uri" in object ? [[object.path, object.uri] as const] : []
    );
    const noted = parsed(`${fixture}/references.yaml`) ?? new Map();
    assertEquals(fingerprint(new Map(uris)), fingerprint(noted), fixture);
    references += uris.length;
    assertEquals(artifact.objects.length, files.size + uris.length);
  }
  const cases = new Set(fixtures.map((fixture) => fixture.split("/")[0]));
  assertEquals([...cases], [
    "c08_artifacts",
    "c18_uploaded",
    "c19_conflict_new",
    "c23_downloaded",
  ]);
  assertEquals(references > 3, true, `${references}`);
});

Deno.test("loadArtifact() refuses what it cannot use", async () => {
  const table: readonly (readonly [unknown, unknown, string])[] = [
    [7, {}, "Option path must be a string"],
    ["", {}, "must not be empty"],
    ["x", 1, "takes an object of options"],
    ["x", { abort: 1 }, `no option "abort"; known are signal`],
  ];
  for (const [path, options, message] of table) {
    await assertRejects(
      () => loadArtifact(path as string, options as LoadArtifactOptions),
      Error,
      message,
    );
  }
});
