/**
 * What is known of a run.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { Document, Node, Ranks, RunFacts } from "../../../api/types.ts";
import { LongText } from "../../../files/long_text.tsx";
import { formatDuration } from "../../../format/time.ts";
import { RUN } from "../../../text/run.ts";
import { Ago, CopyButton, Skeleton } from "../../../ui/small.tsx";
import { Status } from "../../../ui/status.tsx";
import { isLive, useNow } from "../use_run.ts";
import { attemptsOf } from "./attempts.ts";
import { AttemptList, RankList, Time } from "./process_lists.tsx";
import { uploadsOf } from "./uploads.ts";

/** Shows status, times, who, and where it was uploaded. */
export function RunFactsCard(
  { node, run, documents, ranks }: {
    readonly node: Node;
    readonly run: RunFacts | null | undefined;
    readonly documents: readonly Document[];
    readonly ranks: Ranks | undefined;
  },
): JSX.Element {
  const metadata = documents.find(({ key }) => key === "metadata.yaml");
  const uploads = uploadsOf(metadata?.value);
  const list = documents.find(({ key }) => key === "attempts.yaml");
  const attempts = attemptsOf(list?.value);
  return (
    <section class="card padded">
      <h2>{RUN.info()}</h2>
      {run === undefined ? <Skeleton lines={3} /> : (
        <dl class="facts">
          <Fact name={RUN.status()}>
            <Status run={run} />
          </Fact>
          <Fact name={RUN.started()}>{run && <Time ms={run.started} />}</Fact>
          <Fact name={RUN.ended()}>{run && <Time ms={run.ended} />}</Fact>
          <Fact name={RUN.duration()}>{run && <Duration run={run} />}</Fact>
          <Fact name={RUN.lastData()}>
            {run?.arrived && <Ago ms={run.arrived} />}
          </Fact>
          <Fact name={RUN.editor()}>
            <span class="user-text">{node.editor}</span>
          </Fact>
          {run?.alternativeName && (
            <Fact name={RUN.alternativeName()}>
              <span class="copied">
                <span class="mono">
                  <LongText text={run.alternativeName} />
                </span>
                <CopyButton text={run.alternativeName} />
              </span>
            </Fact>
          )}
          {attempts.length > 1 && (
            <Fact name={RUN.attempts()}>
              <AttemptList attempts={attempts} />
            </Fact>
          )}
          {ranks !== undefined && ranks.total > 0 && (
            <Fact name={RUN.ranks()}>
              <RankList
                ranks={ranks}
                isOver={run !== null && run.status !== "Running"}
              />
            </Fact>
          )}
          {uploads.length > 0 && (
            <Fact name={RUN.uploads()}>
              <ul>
                {uploads.slice(0, 5).map(({ host, path, atMs }) => (
                  <li key={`${host} ${path}`}>
                    <span class="mono user-text">{path}</span>
                    <br />
                    <span class="muted">
                      <LongText text={host} />
                      {atMs !== undefined && (
                        <>
                          <br />
                          <Ago ms={atMs} />
                        </>
                      )}
                    </span>
                  </li>
                ))}
              </ul>
            </Fact>
          )}
        </dl>
      )}
    </section>
  );
}

function Fact(
  { name, children }: {
    readonly name: string;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children || <span class="muted">–</span>}</dd>
    </>
  );
}

/** Goes on while the run does; of one that is silent, as long as something came. */
function Duration({ run }: { readonly run: RunFacts }): JSX.Element {
  const isGoing = isLive(run) && run.ended === null;
  const now = useNow(isGoing);
  const { started, ended, arrived } = run;
  const end = ended ?? (isGoing ? now : arrived);
  if (started === null || end === null) return <span class="muted">–</span>;
  return (
    <span class="numeric">{formatDuration(Math.max(0, end - started))}</span>
  );
}
