import { assertEquals } from "@std/assert";
import { readPart } from "../../../src/aistore/form_body.ts";
import { SharedFile } from "../../../src/upload/sending/shared_file.ts";
import { tempDir } from "../../support/temp_dir.ts";

Deno.test("SharedFile gives each reader its own bytes while others read", async () => {
  using dir = tempDir();
  const bytes = new Uint8Array(3_000_000).map((_, at) => at % 251);
  Deno.writeFileSync(`${dir.path}/a`, bytes);
  using file = await Deno.open(`${dir.path}/a`);
  const shared = new SharedFile(file);
  const pieces = await Promise.all(
    [0, 1, 2, 3, 4, 5].map(async (at) => {
      const part = { file: shared.from(at * 500_000), sizeBytes: 500_000 };
      const piece = new Uint8Array(part.sizeBytes);
      let length = 0;
      for await (const chunk of readPart(part)) {
        piece.set(chunk, length);
        length += chunk.length;
      }
      return piece;
    }),
  );
  for (const [at, piece] of pieces.entries()) {
    const wanted = bytes.subarray(at * 500_000, (at + 1) * 500_000);
    assertEquals(piece.length, wanted.length);
    assertEquals(piece.every((byte, i) => byte === wanted[i]), true, `${at}`);
  }
});
