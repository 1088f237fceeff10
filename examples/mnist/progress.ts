import type { Score } from "./network.ts";
import type { LogScore, Position } from "./train.ts";

const BAR = 16;
const QUIET_MS = 5000;

/** What {@linkcode progressPrinter} needs to know. */
export interface ProgressOptions {
  /** The last step. */
  readonly steps: number;
  /** The last epoch. */
  readonly epochs: number;
}

/**
 * Shows how a training goes: on a terminal one line that is drawn over and over, elsewhere a plain line now and then;
 * in both cases a line for each epoch.
 *
 * @param options How long the training is.
 * @returns Takes each score of the training.
 */
export function progressPrinter(options: ProgressOptions): LogScore {
  const terminal = Deno.stderr.isTerminal();
  const started = performance.now();
  let spoke = started;
  let train: Score = { loss: NaN, accuracy: NaN };
  return (type, score, position) => {
    const now = performance.now();
    if (type === "val") {
      if (terminal) draw("");
      say(
        `epoch ${position.epoch}/${options.epochs}   ${
          scoreText(train)
        }   val ${scoreText(score)}`,
      );
      spoke = now;
      return;
    }
    train = score;
    if (terminal) {
      return draw(
        barLine(options, {
          score,
          position,
          secondsGone: (now - started) / 1000,
        }),
      );
    }
    if (now - spoke < QUIET_MS) return;
    spoke = now;
    say(`step ${position.step}/${options.steps}   ${scoreText(score)}`);
  };
}

function barLine(
  { steps }: ProgressOptions,
  now: { score: Score; position: Position; secondsGone: number },
): string {
  const { step } = now.position;
  const filled = Math.round(BAR * step / steps);
  const bar = paint("━".repeat(filled), 36) +
    paint("━".repeat(BAR - filled), 90);
  const left = Math.ceil(now.secondsGone * (steps - step) / step);
  return `  ${bar}  step ${step}/${steps}   ${
    scoreText(now.score)
  }   ${left} s left`;
}

/** A score in words, such as `loss 0.3127  accuracy 0.9100`. */
export function scoreText({ loss, accuracy }: Score): string {
  return `loss ${loss.toFixed(4)}  accuracy ${accuracy.toFixed(4)}`;
}

function say(text: string): void {
  // deno-lint-ignore no-console
  console.log(`  ${text}`);
}

function draw(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
}

function paint(text: string, colour: number): string {
  return Deno.noColor ? text : `\x1b[${colour}m${text}\x1b[0m`;
}
