/**
 * What is wrong in the files of a run.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Document, MetricsFile } from "../../../api/types.ts";
import { readType } from "../../../charts/metric_type.ts";
import { problemText } from "../../../files/damaged.tsx";
import { RUN } from "../../../text/run.ts";
import { Icon } from "../../../ui/icon.tsx";

/** Says it; shows nothing where all is well. */
export function Problems(
  { documents, files }: {
    readonly documents: readonly Document[];
    readonly files: readonly MetricsFile[];
  },
): JSX.Element | null {
  const problems = [
    ...documents.flatMap(({ key, problem }) =>
      problem === null ? [] : [{ key, text: problemText(problem) }]
    ),
    ...files.flatMap(({ type, isTorn, problem }) => {
      const key = fileOf(type);
      if (problem !== null) return [{ key, text: problemText(problem) }];
      return isTorn ? [{ key, text: RUN.torn() }] : [];
    }),
  ];
  if (problems.length === 0) return null;
  return (
    <section class="notice warn problems" aria-label={RUN.problems()}>
      <Icon name="warn" />
      <div>
        <h3>{RUN.problems()}</h3>
        <ul>
          {problems.map(({ key, text }) => (
            <li key={key}>
              <span class="mono user-text">{key}</span>:{" "}
              <span class="user-text">{text}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** The file of a type; those of ranks are called `train@rank1`. */
function fileOf(type: string): string {
  const { base: name, rank } = readType(type);
  const file = `metrics/${name}.yaml`;
  return rank === undefined ? file : `ranks/${rank}/${file}`;
}
