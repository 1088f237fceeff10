/**
 * What the address of a folder asks for.
 *
 * @module
 */

import type { RowsQuery } from "../../api/em.ts";
import type { Sorting } from "../../ui/table_header.tsx";
import { type ChosenColumn, isField } from "./column_list.ts";
import { quoteText } from "./completion.ts";

/** What a folder shows. */
export interface FolderView {
  readonly isRecursive: boolean;
  readonly search: string;
  /** A condition as it was typed. */
  readonly filter: string;
  /** Chosen by a press: any of them has to fit. */
  readonly types: readonly string[];
  readonly statuses: readonly string[];
  /** Chosen by a press: all of them have to be there. */
  readonly labels: readonly string[];
  readonly sorting: Sorting | undefined;
}

/** Reads what a folder shows. */
export function viewOf(params: URLSearchParams): FolderView {
  const sort = params.get("sort") ?? "";
  return {
    isRecursive: params.get("below") === "all",
    search: params.get("q") ?? "",
    filter: params.get("filter") ?? "",
    types: params.getAll("type"),
    statuses: params.getAll("status"),
    labels: params.getAll("label"),
    sorting: sort === ""
      ? undefined
      : { column: sort.replace(/^-/, ""), isDescending: sort.startsWith("-") },
  };
}

/** How a sorting stands in the address. */
export function formatSorting(sorting: Sorting | undefined): string {
  if (sorting === undefined) return "";
  return `${sorting.isDescending ? "-" : ""}${sorting.column}`;
}

/** Whether everything in the folder is shown. */
export function isWhole(view: FolderView): boolean {
  const { search, filter, types, statuses, labels } = view;
  return search === "" && filter.trim() === "" &&
    types.length + statuses.length + labels.length === 0;
}

/** The question to the server. */
export function rowsQuery(
  folder: string,
  view: FolderView,
  columns: readonly ChosenColumn[],
): RowsQuery {
  const { isRecursive, search, types, sorting } = view;
  const filter = conditionOf(view);
  return {
    folder,
    column: columns.map(({ id }) => id).filter((id) => !isField(id)),
    ...(isRecursive ? { recursive: true } : {}),
    ...(search === "" ? {} : { search }),
    ...(filter === "" ? {} : { filter }),
    ...(types.length === 0 ? {} : { type: types }),
    ...(sorting === undefined ? {} : {
      sort: sorting.column,
      order: sorting.isDescending ? "desc" : "asc",
    }),
  };
}

/** What was typed and what was pressed as one condition. */
export function conditionOf(
  { filter, statuses, labels }: Pick<
    FolderView,
    "filter" | "statuses" | "labels"
  >,
): string {
  const pressed = [
    ...(statuses.length === 0
      ? []
      : [`status in (${statuses.map(quoteText).join(", ")})`]),
    ...labels.map((label) => `labels = ${quoteText(label)}`),
  ];
  const typed = filter.trim();
  if (pressed.length === 0) return typed;
  return [...(typed === "" ? [] : [`(${typed})`]), ...pressed].join(" and ");
}

/**
 * What the server says against a condition, with the place in what was typed.
 *
 * @param message The refusal.
 * @param view What was asked.
 * @returns The sentence; undefined if it is not about the condition.
 */
export function filterProblem(
  message: string,
  view: FolderView,
): string | undefined {
  const [, problem] = /^invalid filter: (.*)/s.exec(message) ?? [];
  // What was typed may stand between parentheses of ours.
  const isWrapped = view.statuses.length + view.labels.length > 0;
  return problem?.replace(
    /at character (\d+)$/,
    (_, at) => `at character ${Number(at) - Number(isWrapped)}`,
  );
}
