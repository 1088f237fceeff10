/**
 * Which hyperparameters go together with what is shown.
 *
 * @module
 */

import type { JSX } from "preact";
import { setParams } from "../../state/route.ts";
import { COMPARE } from "../../text/compare.ts";
import { rankCorrelations } from "./correlations.ts";
import type { Variables } from "./use_variables.ts";

const MOST = 12;

/** Shows hyperparameters by how strongly they go together with a metric; each can be put on the x axis. */
export function CorrelationList(
  { variables, metric, column }: {
    readonly variables: Variables;
    /** What the metric is called. */
    readonly metric: string;
    readonly column: string;
  },
): JSX.Element {
  const ranked = rankCorrelations(
    variables.hparams.filter(({ id }) => id !== column),
    variables.read,
    column,
  );
  return (
    <section class="correlations card" aria-labelledby="correlations">
      <h2 id="correlations" class="user-text">
        {COMPARE.correlation({ metric })}
      </h2>
      {ranked.length === 0
        ? <p class="muted">{COMPARE.noCorrelation()}</p>
        : (
          <ol>
            {ranked.slice(0, MOST).map(({ variable, rho, n }) => (
              <li key={variable.id}>
                <button
                  type="button"
                  class="link cut user-text"
                  title={variable.label}
                  onClick={() => setParams({ x: variable.id })}
                >
                  {variable.label}
                </button>
                <span class="rho-bar" aria-hidden="true">
                  <span
                    class={rho < 0 ? "minus" : "plus"}
                    style={{ width: `${Math.abs(rho) * 50}%` }}
                  />
                </span>
                <span class="numeric">
                  {rho < 0 ? "−" : "+"}
                  {Math.abs(rho).toFixed(2)}
                </span>
                <span class="numeric muted">n = {n}</span>
              </li>
            ))}
          </ol>
        )}
      {ranked.length > MOST && (
        <p class="muted">{COMPARE.more({ n: ranked.length - MOST })}</p>
      )}
      <p class="muted small">{COMPARE.correlationHint()}</p>
    </section>
  );
}
