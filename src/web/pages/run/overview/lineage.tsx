/**
 * What a node was made of, and what was made of it.
 *
 * @module
 */

import type { JSX } from "preact";
import { getComponent } from "../../../api/nodes.ts";
import type { Node } from "../../../api/types.ts";
import { nodeHref } from "../../../state/route.ts";
import { useQuery } from "../../../state/use_query.ts";
import { RUN } from "../../../text/run.ts";
import { Icon, iconOf } from "../../../ui/icon.tsx";
import { Answer } from "../../../ui/small.tsx";
import { useChanges } from "../../../state/use_changes.ts";

/** Shows the nodes that are directly connected with one, as links. */
export function Lineage({ node }: { readonly node: Node }): JSX.Element {
  const component = useQuery(
    `component ${node.id}`,
    (abort) => getComponent(node.id, abort),
  );
  useChanges(node.id, ["graph"], component.reload);
  return (
    <section class="card padded">
      <Answer query={component}>
        {({ nodes, edges }) => {
          const known = new Map(nodes.map((each) => [each.id, each]));
          const pick = (ids: readonly string[]): readonly Node[] =>
            ids.flatMap((id) => known.get(id) ?? []);
          const inputs = pick(
            edges.filter(({ to }) => to === node.id).map(({ from }) => from),
          );
          const outputs = pick(
            edges.filter(({ from }) => from === node.id).map(({ to }) => to),
          );
          return (
            <>
              <h2>{RUN.inputs()}</h2>
              <NodeLinks nodes={inputs} none={RUN.noInputs()} />
              <h2>{RUN.outputs()}</h2>
              <NodeLinks nodes={outputs} none={RUN.noOutputs()} />
            </>
          );
        }}
      </Answer>
    </section>
  );
}

function NodeLinks(
  { nodes, none }: {
    readonly nodes: readonly Node[];
    readonly none: string;
  },
): JSX.Element {
  if (nodes.length === 0) return <p class="muted">{none}</p>;
  return (
    <ul class="node-links">
      {nodes.map(({ id, type, name, path }) => (
        <li key={id}>
          <a href={nodeHref(id)} title={path}>
            <Icon name={iconOf(type)} />
            <span class="cut user-text">{name}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
