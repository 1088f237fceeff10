/**
 * What stands above the parts of a node's page.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { apiUrl } from "../api/request.ts";
import type { Node, RunFacts } from "../api/types.ts";
import { LongText } from "../files/long_text.tsx";
import { RUN } from "../text/run.ts";
import { Icon, iconOf } from "../ui/icon.tsx";
import { Ago, Chips, CopyButton } from "../ui/small.tsx";
import { Status } from "../ui/status.tsx";
import { NodeMenu } from "./node_menu.tsx";

/** Of what type nodes are that hold a set of objects. */
const HOLDS_OBJECTS = 2;

/** Whether a node holds objects that can be listed. */
export function holdsObjects(node: Node): boolean {
  return node.storageType === HOLDS_OBJECTS;
}

/** Shows name, type, status, labels, description and place of a node, and what can be done with it. */
export function NodeHead(
  { node, run, children }: {
    readonly node: Node;
    readonly run?: RunFacts | null | undefined;
    /** More to do. */
    readonly children?: ComponentChildren;
  },
): JSX.Element {
  return (
    <header class="node-head">
      <div class="page-head">
        <span class="node-icon" title={node.type}>
          <Icon name={iconOf(node.type)} />
        </span>
        <h1>
          <LongText text={node.name} max={200} />
        </h1>
        <span class="chip kind">{node.type}</span>
        {run && <Status run={run} />}
        <Chips labels={node.labels} />
        <span class="spacer" />
        {children}
        {holdsObjects(node) && (
          <a
            class="button"
            href={apiUrl("em/v1/archive", { node: node.id })}
            download
          >
            <Icon name="download" />
            {RUN.archive()}
          </a>
        )}
        <NodeMenu node={node} />
      </div>
      <div class="node-place">
        <span class="copied">
          <span class="muted">{RUN.path()}</span>
          <span class="mono cut user-text" title={node.path}>{node.path}</span>
          <CopyButton text={node.path} />
        </span>
        <span class="copied">
          <span class="muted">{RUN.id()}</span>
          <span class="mono cut" title={node.id}>{node.id}</span>
          <CopyButton text={node.id} />
        </span>
        <span class="muted">
          <span class="user-text">{node.editor}</span> ·{" "}
          <Ago ms={Date.parse(node.modifiedTimestamp)} />
        </span>
      </div>
      {node.description !== "" && (
        <p class="node-description">
          <LongText text={node.description} max={600} />
        </p>
      )}
    </header>
  );
}
