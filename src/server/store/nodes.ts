/**
 * The tree of nodes.
 *
 * @module
 */

import {
  type CreateNodeBody,
  type NodeType,
  STORAGE_TYPES,
} from "../../aistore/protocol.ts";
import { MAX_DEPTH } from "../limits.ts";
import { checkNodeName } from "../names.ts";
import { invalid, nameTaken } from "../refusal.ts";
import type { Database, Query } from "./database.ts";
import type { NodeChanges, NodeRow } from "./node_row.ts";
import type { PageRequest } from "./page.ts";

/** Which children to list. */
export interface ChildrenFilter extends PageRequest {
  /** Only nodes of this type. */
  readonly type?: string | undefined;
  /** Only nodes with this label. */
  readonly label?: string | undefined;
}

/** What a client says of a node that it makes. */
export interface NewNode
  extends Omit<CreateNodeBody, "parent" | "storageType"> {
  /** How much data it holds; the type decides that, and where this is said it must agree. */
  readonly storageType?: number | undefined;
}

const FILTER = `
  FROM nodes WHERE parent_id = ?1 AND (?2 IS NULL OR type = ?2)
  AND (?3 IS NULL OR EXISTS (SELECT 1 FROM json_each(labels) WHERE value = ?3))`;

const SUBTREE = `
  WITH RECURSIVE subtree (id) AS (
    SELECT ?1 UNION ALL SELECT nodes.id FROM nodes JOIN subtree ON parent_id = subtree.id
  )`;

/** The nodes of all users. Who may see or change what is not decided here. */
export class Nodes {
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #byId: Query<NodeRow>;
  readonly #root: Query<NodeRow>;
  readonly #child: Query<NodeRow>;
  readonly #names: Query<{ name: string }>;
  readonly #children: Query<NodeRow>;
  readonly #childCount: Query<{ total: number }>;
  readonly #files: Query<{ file: string }>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #update: ReturnType<Database["command"]>;
  readonly #delete: ReturnType<Database["command"]>;

  /**
   * @param database The database.
   * @param now The clock.
   */
  constructor(database: Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
    this.#byId = database.query("SELECT * FROM nodes WHERE id = ?");
    this.#root = database.query(
      "SELECT * FROM nodes WHERE parent_id IS NULL AND name = ?",
    );
    this.#child = database.query(
      "SELECT * FROM nodes WHERE parent_id = ? AND name = ?",
    );
    this.#names = database.query(`
      WITH RECURSIVE up (parent_id, name, distance) AS (
        SELECT parent_id, name, 0 FROM nodes WHERE id = ?
        UNION ALL SELECT nodes.parent_id, nodes.name, distance + 1
        FROM nodes JOIN up ON nodes.id = up.parent_id
      ) SELECT name FROM up ORDER BY distance DESC`);
    this.#children = database.query(
      `SELECT * ${FILTER} ORDER BY name LIMIT ?4 OFFSET ?5`,
    );
    this.#childCount = database.query(`SELECT count(*) AS total ${FILTER}`);
    this.#files = database.query(`${SUBTREE}
      SELECT segments.file FROM objects JOIN segments ON object = objects.file
      WHERE node_id IN subtree
      UNION ALL SELECT file FROM parts JOIN uploads ON uploads.id = upload_id
      WHERE node_id IN subtree`);
    this.#insert = database.command(
      "INSERT INTO nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#update = database.command(
      `UPDATE nodes SET name = ?, labels = ?, description = ?, extra = ?, editor = ?, modified = ?
       WHERE id = ?`,
    );
    this.#delete = database.command("DELETE FROM nodes WHERE id = ?");
  }

  /**
   * Finds a node by id.
   *
   * @param id The id.
   * @returns The node, or undefined.
   */
  byId(id: string): NodeRow | undefined {
    return this.#byId.get(id);
  }

  /**
   * Walks down from a user's root as far as there are nodes.
   *
   * @param segments The segments of a path, the user first.
   * @returns The last node that is there and the segments below it; undefined if the user has no root.
   */
  walk(
    segments: readonly string[],
  ): { readonly node: NodeRow; readonly rest: readonly string[] } | undefined {
    const [user, ...names] = segments;
    let node = user === undefined ? undefined : this.#root.get(user);
    if (node === undefined) return undefined;
    for (const [index, name] of names.entries()) {
      const child = this.#child.get(node.id, name);
      if (child === undefined) return { node, rest: names.slice(index) };
      node = child;
    }
    return { node, rest: [] };
  }

  /**
   * A node's path.
   *
   * @param id The node's id.
   * @returns Such as `/demo/default/run`.
   */
  pathOf(id: string): string {
    return this.#names.all(id).map((row) => `/${row.name}`).join("");
  }

  /**
   * Lists what is in a folder, sorted by name.
   *
   * @param folder The folder.
   * @param filter Which nodes, and which page of them.
   * @returns The page's nodes and how many there are in all.
   */
  children(
    folder: NodeRow,
    filter: ChildrenFilter,
  ): { readonly rows: NodeRow[]; readonly total: number } {
    const { page, size } = filter;
    const wanted = [folder.id, filter.type ?? null, filter.label ?? null];
    return {
      rows: this.#children.all(...wanted, size, (page - 1) * size),
      total: this.#childCount.get(...wanted)?.total ?? 0,
    };
  }

  /**
   * Makes a user's root folder; part of a transaction of the caller's.
   *
   * @param user The user.
   */
  insertRoot(user: string): void {
    this.#insertRow({
      id: crypto.randomUUID(),
      parent_id: null,
      owner: user,
      name: user,
      type: "Folder",
      storage_type: STORAGE_TYPES.Folder,
      labels: labelsText([]),
      description: "",
      extra: "",
      editor: user,
      modified: this.#timestamp(),
    });
  }

  /**
   * Makes a node.
   *
   * @param parent The folder to make it in.
   * @param body What to make.
   * @param editor The user who makes it.
   * @returns The node.
   * @throws {Refusal} If a rule of the tree forbids it.
   */
  create(
    parent: NodeRow,
    body: NewNode,
    editor: string,
  ): NodeRow {
    checkNodeName(body.name);
    if (!isNodeType(body.type)) {
      const known = Object.keys(STORAGE_TYPES).join(", ");
      throw invalid(`invalid node type: it must be one of ${known}`);
    }
    const storageType = STORAGE_TYPES[body.type];
    if ((body.storageType ?? storageType) !== storageType) {
      throw invalid(`invalid storageType: a ${body.type} has ${storageType}`);
    }
    if (parent.type !== "Folder") {
      throw invalid(`invalid parent: "${parent.name}" is not a Folder`);
    }
    if (this.#names.all(parent.id).length >= MAX_DEPTH) {
      throw invalid(`invalid parent: folders may be ${MAX_DEPTH} deep`);
    }
    if (this.#child.get(parent.id, body.name) !== undefined) {
      throw nameTaken(body.name);
    }
    return this.#insertRow({
      id: crypto.randomUUID(),
      parent_id: parent.id,
      owner: parent.owner,
      name: body.name,
      type: body.type,
      storage_type: storageType,
      labels: labelsText(body.labels),
      description: body.description,
      extra: body.extra,
      editor,
      modified: this.#timestamp(),
    });
  }

  /**
   * Changes a node.
   *
   * @param node The node.
   * @param changes What to change.
   * @param editor The user who changes it.
   * @returns The node as it is now.
   * @throws {Refusal} If a rule of the tree forbids it.
   */
  update(node: NodeRow, changes: NodeChanges, editor: string): NodeRow {
    const name = changes.name ?? node.name;
    if (name !== node.name) {
      checkNodeName(name);
      if (node.parent_id === null) {
        throw invalid("invalid node name: a user's root keeps its name");
      }
      if (this.#child.get(node.parent_id, name) !== undefined) {
        throw nameTaken(name);
      }
    }
    const row: NodeRow = {
      ...node,
      name,
      labels: changes.labels ? labelsText(changes.labels) : node.labels,
      description: changes.description ?? node.description,
      extra: changes.extra ?? node.extra,
      editor,
      modified: this.#timestamp(),
    };
    this.#update(
      row.name,
      row.labels,
      row.description,
      row.extra,
      row.editor,
      row.modified,
      row.id,
    );
    return row;
  }

  /**
   * Deletes a node with everything below it: nodes, objects, uploads, edges.
   *
   * @param node The node.
   * @returns The files that nothing refers to any more.
   * @throws {Refusal} If it is a user's root.
   */
  remove(node: NodeRow): string[] {
    if (node.parent_id === null) {
      throw invalid("invalid node: a user's root cannot be deleted");
    }
    return this.#database.transaction(() => {
      const files = this.#files.all(node.id).map((row) => row.file);
      this.#delete(node.id);
      return files;
    });
  }

  #insertRow(row: NodeRow): NodeRow {
    this.#insert(
      row.id,
      row.parent_id,
      row.owner,
      row.name,
      row.type,
      row.storage_type,
      row.labels,
      row.description,
      row.extra,
      row.editor,
      row.modified,
    );
    return row;
  }

  #timestamp(): string {
    return this.#now().toISOString().replace("Z", "000Z");
  }
}

function labelsText(labels: readonly string[]): string {
  return JSON.stringify([...new Set(labels)].sort());
}

function isNodeType(type: string): type is NodeType {
  return Object.hasOwn(STORAGE_TYPES, type);
}
