import type { MimeBundle } from "../display/types.ts";
import { comparisonCard } from "./comparison_card.ts";
import { comparisonData, type RunComparisonData } from "./comparison_data.ts";
import { comparisonText } from "./comparison_text.ts";
import type { RunView } from "./run_view.ts";

/**
 * Runs beside one another, as {@linkcode compareRuns} finds them. In a notebook it shows itself: curves by metric, the
 * hyperparameters that differ, last values; `console.log` and `String` give a table.
 */
export class RunComparison {
  readonly #views: readonly RunView[];
  readonly #data: RunComparisonData;

  /**
   * Puts runs beside one another.
   *
   * @param views What is shown of each run.
   */
  constructor(views: readonly RunView[]) {
    this.#views = views;
    this.#data = comparisonData(views);
  }

  /**
   * The comparison as plain data.
   *
   * @returns Runs, hyperparameters and metrics.
   */
  toDict(): RunComparisonData {
    return structuredClone(this.#data);
  }

  /**
   * The comparison as text.
   *
   * @returns A table.
   */
  toString(): string {
    return comparisonText(this.#data);
  }

  /**
   * Shows the comparison as the last value of a notebook's cell: as HTML and as text.
   *
   * @returns The forms by MIME type.
   */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return {
      "text/plain": this.toString(),
      "text/html": String(comparisonCard(this.#data, this.#views)),
    };
  }

  /**
   * What `console.log` prints.
   *
   * @returns A table.
   */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}
