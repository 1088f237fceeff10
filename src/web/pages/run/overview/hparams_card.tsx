/**
 * The first hyperparameters of a run.
 *
 * @module
 */

import { Fragment, type JSX } from "preact";
import type { Document, Node } from "../../../api/types.ts";
import { LongText } from "../../../files/long_text.tsx";
import { nodeHref } from "../../../state/route.ts";
import type { Query } from "../../../state/use_query.ts";
import { RUN } from "../../../text/run.ts";
import { Answer } from "../../../ui/small.tsx";

const SHOWN = 12;

/** Shows some hyperparameters, and leads to all. */
export function HparamsCard(
  { node, query }: {
    readonly node: Node;
    readonly query: Query<readonly Document[]>;
  },
): JSX.Element {
  return (
    <section class="card padded">
      <h2>{RUN.hparams()}</h2>
      <Answer query={query}>
        {(documents) => {
          const document = documents.find(({ key }) =>
            key === "hyperparameters.yaml"
          );
          const flat = document?.flat ?? [];
          if (flat.length === 0) {
            return <p class="muted">{RUN.noHparams()}</p>;
          }
          return (
            <>
              <dl class="facts">
                {flat.slice(0, SHOWN).map(({ path, type, value }) => (
                  <Fragment key={path}>
                    <dt>
                      <LongText text={path} max={60} />
                    </dt>
                    <dd class="mono">
                      <LongText
                        text={type === "string" ? `"${value}"` : String(value)}
                        max={120}
                      />
                    </dd>
                  </Fragment>
                ))}
              </dl>
              {flat.length > SHOWN && (
                <a href={nodeHref(node.id, "hparams")}>
                  {RUN.allHparams({ n: flat.length })}
                </a>
              )}
            </>
          );
        }}
      </Answer>
    </section>
  );
}
