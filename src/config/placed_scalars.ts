import {
  type Event,
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from "js-yaml";
import { ConfigError } from "../errors.ts";

/** A scalar of a YAML document, and where it stands. */
export interface PlacedScalar {
  /** What it says, quotes and escapes resolved. */
  readonly text: string;
  /** Whether it stands there without quotes and without a tag. */
  readonly isPlain: boolean;
  /** Whether it is the key of a map's entry. */
  readonly isKey: boolean;
  /** The way to it, such as `hparams.layers[0].units`. */
  readonly place: string;
  /** Stands for the collection that it is in: the same object for all that is in it, and for nothing else. */
  readonly parent: object;
  /** Where its text begins in the document. */
  readonly start: number;
  /** Where its text ends. */
  readonly end: number;
}

interface Open {
  readonly type: Event["type"];
  readonly place: string;
  /** How many nodes have come; in a map, keys and values count alike. */
  nodes: number;
  /** The way to the value of a map's current key. */
  current: string;
}

/**
 * Lists the scalars of a YAML text in its order. Aliases are not followed.
 *
 * @param path The file, for the message.
 * @param text Its text.
 * @returns The scalars.
 * @throws {ConfigError} If it is not YAML.
 */
export function placedScalars(
  path: string,
  text: string,
): readonly PlacedScalar[] {
  const scalars: PlacedScalar[] = [];
  const open: Open[] = [];
  let parent: Open = {
    type: EVENT_ID.DOCUMENT,
    place: "",
    nodes: 0,
    current: "",
  };
  for (const event of eventsOf(path, text)) {
    if (event.type === EVENT_ID.POP) {
      parent = open.pop() ?? parent;
      continue;
    }
    const isScalar = event.type === EVENT_ID.SCALAR;
    const said = isScalar ? getScalarValue(text, event) : "?";
    const isKey = parent.type === EVENT_ID.MAPPING && parent.nodes % 2 === 0;
    const place = nextPlace(parent, said);
    if (isScalar) {
      scalars.push({
        text: said,
        isPlain: event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0,
        isKey,
        place,
        parent,
        start: event.valueStart,
        end: event.valueEnd,
      });
    } else if (event.type !== EVENT_ID.ALIAS) {
      open.push(parent);
      parent = { type: event.type, place, nodes: 0, current: place };
    }
  }
  return scalars;
}

/** Where the next node of a collection stands; `name` is what it says, should it be a key. */
function nextPlace(parent: Open, name: string): string {
  const index = parent.nodes++;
  if (parent.type === EVENT_ID.SEQUENCE) return `${parent.place}[${index}]`;
  if (parent.type === EVENT_ID.MAPPING && index % 2 === 0) {
    parent.current = parent.place === "" ? name : `${parent.place}.${name}`;
  }
  return parent.current;
}

function eventsOf(path: string, text: string): readonly Event[] {
  try {
    return parseEvents(text, {});
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = error.mark ? ` in line ${error.mark.line + 1}` : "";
    throw new ConfigError(
      path,
      `it is not valid YAML: ${error.reason}${place}`,
    );
  }
}
