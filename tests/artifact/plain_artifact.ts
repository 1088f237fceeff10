import { dirname, join } from "@std/path";
import type { Artifact } from "../../src/artifact/artifact.ts";
import { loadArtifact } from "../../src/artifact/load_artifact.ts";
import { encodeArtifactMetadata } from "../../src/format/artifact_metadata.ts";

/** An artifact of its own in a directory, without objects. */
export function emptyArtifact(parent: string): Promise<Artifact> {
  const alternativeName = "a_261123_082118_abc123";
  const dir = join(parent, "artifacts", alternativeName);
  write(
    join(dir, "metadata.yaml"),
    encodeArtifactMetadata({
      kind: "Artifact",
      name: "a",
      labels: ["x"],
      description: "",
      createdTimestamp: "2026-11-23T08:21:18.158444+00:00",
      alternativeName,
      remote: [],
    }),
  );
  return loadArtifact(dir);
}

/** Writes a file, and makes the directories that it needs. */
export function write(path: string, text = ""): string {
  Deno.mkdirSync(dirname(path), { recursive: true });
  Deno.writeTextFileSync(path, text);
  return path;
}

/** The objects of an artifact, as `path` and content or URI. */
export function contents(artifact: Artifact): Record<string, string> {
  return Object.fromEntries(
    artifact.objects.map((object) => [
      object.path,
      "uri" in object
        ? object.uri
        : Deno.readTextFileSync(join(artifact.local, object.path)),
    ]),
  );
}
