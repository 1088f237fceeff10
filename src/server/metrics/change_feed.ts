/**
 * What changes in the store, as it changes.
 *
 * @module
 */

import type { Database } from "../store/database.ts";

/** An object was stored, has grown, or was deleted. */
export interface ObjectChange {
  /** What changed. */
  readonly kind: "object";
  /** The node's id. */
  readonly node: string;
  /** The object's key. */
  readonly key: string;
}

/** A node was made, changed, moved or deleted. */
export interface NodeChange {
  /** What changed. */
  readonly kind: "node";
  /** The node's id. */
  readonly node: string;
  /** What became of it; with all that is below it, where it went into the trash or came back. */
  readonly change: "created" | "changed" | "deleted" | "trashed" | "restored";
  /** The folder that it is or was in; empty for a user's root. */
  readonly parent: string;
}

/** An edge was made or removed; it is told of both its nodes. */
export interface EdgeChange {
  /** What changed. */
  readonly kind: "graph";
  /** The node's id. */
  readonly node: string;
}

/** Something that changed. */
export type Change = ObjectChange | NodeChange | EdgeChange;

const TRIGGERS = `
  CREATE TEMP TRIGGER tell_object_put AFTER INSERT ON main.objects
  BEGIN SELECT tell('object', NEW.node_id, NEW.key); END;
  CREATE TEMP TRIGGER tell_object_grown AFTER UPDATE ON main.objects
  BEGIN SELECT tell('object', NEW.node_id, NEW.key); END;
  CREATE TEMP TRIGGER tell_object_deleted AFTER DELETE ON main.objects
  BEGIN SELECT tell('object', OLD.node_id, OLD.key); END;
  CREATE TEMP TRIGGER tell_node_created AFTER INSERT ON main.nodes
  BEGIN SELECT tell('node', NEW.id, 'created', NEW.parent_id); END;
  CREATE TEMP TRIGGER tell_node_changed AFTER UPDATE ON main.nodes
  BEGIN
    SELECT tell('node', OLD.id, 'trashed', OLD.parent_id) WHERE NEW.parent_id IS NULL;
    SELECT tell('node', NEW.id, 'restored', NEW.parent_id) WHERE OLD.parent_id IS NULL;
    SELECT tell('node', OLD.id, 'changed', OLD.parent_id) WHERE OLD.parent_id <> NEW.parent_id;
    SELECT tell('node', NEW.id, 'changed', NEW.parent_id)
      WHERE OLD.parent_id IS NOT NULL AND NEW.parent_id IS NOT NULL;
  END;
  CREATE TEMP TRIGGER tell_node_deleted AFTER DELETE ON main.nodes
  BEGIN SELECT tell('node', OLD.id, 'deleted', OLD.parent_id); END;
  CREATE TEMP TRIGGER tell_edge_made AFTER INSERT ON main.edges
  BEGIN SELECT tell('graph', NEW.from_id), tell('graph', NEW.to_id); END;
  CREATE TEMP TRIGGER tell_edge_removed AFTER DELETE ON main.edges
  BEGIN SELECT tell('graph', OLD.from_id), tell('graph', OLD.to_id); END;
`;

/** How long changes are gathered. */
const GATHER_MS = 10;

/** Gathers changes and tells of them when they are committed. What was undone may be told, too: look what is there. */
export class ChangeFeed implements Disposable {
  readonly #listener: (changes: readonly Change[]) => void;
  #changes: Change[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /**
   * @param database The database; nobody else watches it.
   * @param listener Is told of changes, in order.
   */
  constructor(
    database: Database,
    listener: (changes: readonly Change[]) => void,
  ) {
    this.#listener = listener;
    database.watch(TRIGGERS, (kind, node = "", ...rest) => {
      this.#take(toChange(kind, node, rest));
    });
  }

  /** Whether there are changes that were not told yet. */
  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  /** Tells nothing more. */
  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #take(change: Change): void {
    if (this.#closed) return;
    this.#changes.push(change);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const changes = this.#changes;
      this.#changes = [];
      this.#listener(changes);
    }, GATHER_MS);
  }
}

function toChange(
  kind: string | undefined,
  node: string,
  [first = "", parent = ""]: readonly string[],
): Change {
  if (kind === "object") return { kind, node, key: first };
  if (kind === "graph") return { kind, node };
  const change = first as NodeChange["change"];
  return { kind: "node", node, change, parent };
}
