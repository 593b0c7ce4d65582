// The text of a YAML file in; where each of its values stands, for people who look for it, out.
import { EVENT_ID, getScalarValue, parseEvents, type Event } from 'js-yaml';

export interface Place {
  /** From 1. */
  readonly row: number;
  readonly col: number;
}

export type Path = readonly (string | number)[];

/** Of a value in a mapping its key, of one in a list itself; of what is not there the nearest that holds it. */
export type Locate = (path: Path) => Place;

/** The text is known to be YAML. */
export function locateValues(text: string): Locate {
  const offsets = new Map<string, number>();
  // The first event is the document itself.
  readValue({ text, events: parseEvents(text, {}), next: 1, offsets }, []);
  return (path) => placeAt(text, findOffset(offsets, path));
}

interface Walk {
  readonly text: string;
  readonly events: readonly Event[];
  next: number;
  readonly offsets: Map<string, number>;
}

const keyOf = (path: Path): string => JSON.stringify(path);

function findOffset(offsets: ReadonlyMap<string, number>, path: Path): number {
  const offset = offsets.get(keyOf(path));
  return offset ?? (path.length === 0 ? 0 : findOffset(offsets, path.slice(0, -1)));
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { row: before.split('\n').length, col: offset - before.lastIndexOf('\n') };
}

function readValue(walk: Walk, path: Path): void {
  const event = walk.events[walk.next];
  walk.next += 1;
  if (event?.type === EVENT_ID.SEQUENCE) readItems(walk, path);
  else if (event?.type === EVENT_ID.MAPPING) readPairs(walk, path);
}

function readItems(walk: Walk, path: Path): void {
  for (let index = 0; !isEnd(walk); index += 1) {
    walk.offsets.set(keyOf([...path, index]), offsetOf(walk));
    readValue(walk, [...path, index]);
  }
  walk.next += 1;
}

function readPairs(walk: Walk, path: Path): void {
  while (!isEnd(walk)) {
    const key = walk.events[walk.next];
    const offset = offsetOf(walk);
    const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(walk.text, key) : '';
    readValue(walk, []);
    walk.offsets.set(keyOf([...path, name]), offset);
    readValue(walk, [...path, name]);
  }
  walk.next += 1;
}

const isEnd = ({ events, next }: Walk): boolean => (events[next] ?? POP).type === EVENT_ID.POP;
const POP: Event = { type: EVENT_ID.POP };

function offsetOf({ events, next }: Walk): number {
  const event = events[next];
  if (event?.type === EVENT_ID.SCALAR) return event.valueStart;
  return event?.type === EVENT_ID.SEQUENCE || event?.type === EVENT_ID.MAPPING ? event.start : 0;
}
