import { join } from "@std/path";
import { requireShell } from "../support/provide_shells.ts";
import { tempDir } from "../support/temp_dir.ts";
import { checkOffers, completionsOf, outputOf } from "./completion_cases.ts";

Deno.test("em completions fish offers commands, options, values and files", async () => {
  requireShell("fish");
  using dir = tempDir();
  Deno.writeTextFileSync(join(dir.path, "local.txt"), "");
  Deno.writeTextFileSync(
    join(dir.path, "em.fish"),
    await completionsOf("fish"),
  );
  checkOffers((words) => {
    const line = ["em", ...words].join(" ");
    const text = `source ./em.fish; complete -C '${line}'`;
    return outputOf("fish", ["--no-config", "-c", text], dir.path).split("\n")
      .map((offer) => offer.split("\t")[0] ?? "");
  });
});
