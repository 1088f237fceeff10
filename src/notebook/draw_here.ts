/**
 * Makes runs and artifacts show themselves. What draws them is loaded when something is drawn.
 *
 * @module
 */

import { type DrawnRun, setNotebook } from "../display/notebook.ts";
import type { MimeBundle } from "../display/types.ts";
import type { RunViewer } from "./run_view.ts";
import { watchRun } from "./watch_run.ts";

setNotebook({
  drawRun(run) {
    return orSaid(async () => {
      const viewer = await viewerOf(run);
      const { runBundle } = await import("./run_bundle.ts");
      return runBundle(await viewer.look());
    });
  },
  drawArtifact(artifact) {
    return orSaid(async () => {
      const { artifactBundle } = await import("./artifact_card.ts");
      return artifactBundle(artifact);
    });
  },
  watch: watchRun,
  created(run, others) {
    void import("./greet_run.ts").then(({ sayOthers, settleLeft }) => {
      sayOthers(others);
      return settleLeft(run);
    });
  },
});

/** What cannot be drawn is said in its place: an error would end the cell that only wanted to show something. */
async function orSaid(draw: () => Promise<MimeBundle>): Promise<MimeBundle> {
  try {
    return await draw();
  } catch (error) {
    return { "text/plain": `This cannot be shown: ${Deno.inspect(error)}` };
  }
}

/** Kept with its run, so that what was read of long metrics once is not read again. */
const viewers = new WeakMap<DrawnRun, RunViewer>();

async function viewerOf(run: DrawnRun): Promise<RunViewer> {
  const known = viewers.get(run);
  if (known !== undefined) return known;
  const { RunViewer } = await import("./run_view.ts");
  const { LocalSource } = await import("../reading/local_source.ts");
  const made = new RunViewer(new LocalSource(run.local));
  viewers.set(run, made);
  return made;
}
