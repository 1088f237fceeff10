import { ResponseError } from "../errors.ts";
import {
  type AIStoreNode,
  ERROR_TEXTS,
  type NodeGraph,
  type ObjectRecord,
  type Page,
  type UserInfo,
} from "./protocol.ts";

/**
 * Tells whether a request failed because a node, or the parent of a new one, is missing.
 *
 * @param error What the request threw.
 * @returns Whether that is the reason.
 */
export function isNodeMissing(error: unknown): boolean {
  return error instanceof ResponseError && error.status === 404 &&
    error.body.includes(ERROR_TEXTS.nodeNotFound);
}

/**
 * Tells whether a request failed because an upload in parts is over, or never was.
 *
 * @param error What the request threw.
 * @returns Whether that is the reason.
 */
export function isUploadMissing(error: unknown): boolean {
  return error instanceof ResponseError && error.status === 404 &&
    error.body.includes(ERROR_TEXTS.uploadNotFound);
}

/**
 * Tells whether a request failed because the name of the new node is taken.
 *
 * @param error What the request threw.
 * @returns Whether that is the reason.
 */
export function isNameTaken(error: unknown): boolean {
  return error instanceof ResponseError && error.status === 400 &&
    error.body.includes(ERROR_TEXTS.nameTaken);
}

/**
 * Tells whether a value has properties.
 *
 * @param value The value.
 * @returns Whether it is an object, or a list.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/**
 * Tells whether an answer is what was asked for.
 *
 * @param value The parsed answer.
 * @returns Whether it has the parts that are needed.
 */
export function hasId(value: unknown): value is { readonly id: string } {
  return isRecord(value) && typeof value.id === "string";
}

/**
 * Tells whether an answer is what was asked for.
 *
 * @param value The parsed answer.
 * @returns Whether it has the parts that are needed.
 */
export function isNode(value: unknown): value is AIStoreNode {
  return isRecord(value) && typeof value.id === "string" &&
    typeof value.type === "string";
}

/**
 * Tells whether an answer is what was asked for.
 *
 * @param value The parsed answer.
 * @returns Whether it has the parts that are needed.
 */
export function isObjectRecord(value: unknown): value is ObjectRecord {
  return isRecord(value) && typeof value.size_bytes === "number" &&
    typeof value.checksum === "string";
}

/**
 * Tells whether an answer is what was asked for.
 *
 * @param value The parsed answer.
 * @returns Whether it has the parts that are needed.
 */
export function isUserInfo(value: unknown): value is UserInfo {
  return isRecord(value) && typeof value.preferred_username === "string" &&
    value.preferred_username !== "";
}

/**
 * Tells whether an answer is what was asked for.
 *
 * @param value The parsed answer.
 * @returns Whether it has the parts that are needed.
 */
export function isPage(value: unknown): value is Page<unknown> {
  return isRecord(value) && isRecord(value.pagination) &&
    (value.data === null || Array.isArray(value.data));
}

/**
 * Tells whether an answer is what was asked for.
 *
 * @param value The parsed answer.
 * @returns Whether it has the parts that are needed.
 */
export function isGraph(value: unknown): value is NodeGraph {
  return isRecord(value) && "in" in value && "out" in value;
}
