/**
 * What tells nodes from those in the trash.
 *
 * @module
 */

/**
 * The name that a node in the trash has: it stands at the top like the root of a user, and no user can be called so.
 *
 * @param id The node's id.
 * @returns The name.
 */
export function trashedName(id: string): string {
  return `/${id}`;
}

/**
 * The condition that a node is in the tree of a user, and not in the trash.
 *
 * @param id The node's id as SQL, such as `nodes.id`.
 * @returns SQL.
 */
export function isLive(id: string): string {
  return `NOT EXISTS (${
    UP(id)
  } SELECT 1 FROM up WHERE parent_id IS NULL AND name GLOB '/*')`;
}

/**
 * The condition that a node is another one, or is below that.
 *
 * @param id The node's id as SQL.
 * @param top The other's, as SQL.
 * @returns SQL.
 */
export function isBelow(id: string, top: string): string {
  return `EXISTS (${UP(id)} SELECT 1 FROM up WHERE id = ${top})`;
}

/** The way from a node to the top. The names of the tables are its own, so that `id` may be a column of another. */
const UP = (id: string) =>
  `WITH RECURSIVE up (id, parent_id, name) AS (
    SELECT leaf.id, leaf.parent_id, leaf.name FROM nodes AS leaf WHERE leaf.id = ${id}
    UNION ALL SELECT above.id, above.parent_id, above.name
    FROM nodes AS above JOIN up ON above.id = up.parent_id
  )`;
