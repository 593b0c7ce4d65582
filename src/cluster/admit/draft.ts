// A document and changes to it in; the document as it becomes, and the operations of RFC 6902 that make it so, out. What is not named stays as it is.
import { isObject, type Json } from './json.ts';

export type Operation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** What stood where we had to put something: lists and objects that were written out empty, or null. */
export type Before = Readonly<Record<string, unknown>>;

type Tree = Record<string, unknown> | unknown[];

export class Draft {
  readonly operations: Operation[] = [];
  readonly #document: Record<string, unknown>;
  readonly #before: Record<string, unknown> = {};

  constructor(document: Json) {
    this.#document = copyOf(document) as Record<string, unknown>;
  }

  get document(): Json {
    return this.#document;
  }

  get before(): Before {
    return this.#before;
  }

  read(path: string): unknown {
    return split(path).reduce<unknown>((at, key) => childOf(at, key), this.#document);
  }

  /** Puts them at the head of a list, or behind its end. */
  extend(path: string, values: readonly unknown[], place: 'head' | 'tail' = 'tail'): void {
    if (values.length === 0) return;
    if (!this.#hasItems(path)) return this.#set(path, values);
    for (const [index, value] of values.entries())
      this.#write({ op: 'add', path: `${path}/${place === 'head' ? String(index) : '-'}`, value });
  }

  put(path: string, key: string, value: unknown): void {
    if (!this.#hasItems(path)) return this.#set(path, { [key]: value });
    const at = `${path}/${escape(key)}`;
    this.#write({ op: this.read(at) === undefined ? 'add' : 'replace', path: at, value });
  }

  /** Notes what stands there now, if it is nothing, so that it can be put back. */
  note(path: string): void {
    const found = this.read(path);
    if (found !== undefined && !this.#hasItems(path)) this.#before[path] ??= copyOf(found);
  }

  /** A list or an object that is left with nothing goes too, or becomes what it was before. */
  drop(path: string, isOurs: (value: unknown, key: string) => boolean, before: Before): void {
    const found = this.read(path);
    if (typeof found !== 'object' || found === null) return;
    const ours = Object.entries(found).filter(([key, value]) => isOurs(value, key));
    if (ours.length === 0) return;
    if (ours.length < Object.keys(found).length) {
      for (const [key] of ours.toReversed()) this.#write({ op: 'remove', path: `${path}/${escape(key)}` });
    } else if (Object.hasOwn(before, path)) {
      this.#write({ op: 'replace', path, value: before[path] });
    } else {
      this.#write({ op: 'remove', path });
    }
  }

  /** Takes an object that we emptied away, or makes it what it was before. */
  sweep(path: string, before: Before): void {
    if (!isObject(this.read(path)) || this.#hasItems(path)) return;
    if (!Object.hasOwn(before, path)) this.#write({ op: 'remove', path });
    else if (!isObject(before[path])) this.#write({ op: 'replace', path, value: before[path] });
  }

  /** Together with the objects above it that there are not. */
  #set(path: string, value: unknown): void {
    const slash = path.lastIndexOf('/');
    const parent = path.slice(0, slash);
    if (!isObject(this.read(parent))) return this.#set(parent, { [path.slice(slash + 1)]: value });
    this.note(parent);
    this.#write({ op: 'add', path, value });
  }

  #hasItems(path: string): boolean {
    const found = this.read(path);
    return typeof found === 'object' && found !== null && Object.keys(found).length > 0;
  }

  #write(operation: Operation): void {
    if (operation.op !== 'remove') this.note(operation.path);
    this.operations.push(operation);
    write(this.#document, operation);
  }
}

/** Of operations that a Draft made of this document. */
export function applyOperations(document: Json, operations: readonly Operation[]): Json {
  const copy = copyOf(document) as Record<string, unknown>;
  for (const operation of operations) write(copy, operation);
  return copy;
}

/** It is JSON, and nothing else. */
const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function write(document: Record<string, unknown>, operation: Operation): void {
  const keys = split(operation.path);
  const last = keys.pop() ?? '';
  const parent = keys.reduce<unknown>((at, key) => childOf(at, key), document);
  if (typeof parent !== 'object' || parent === null) throw new RangeError(`nothing is at ${operation.path}`);
  if (operation.op === 'remove') remove(parent as Tree, last);
  else put(parent as Tree, last, operation);
}

function remove(parent: Tree, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

/** Never through a setter. What was given stays the giver's. */
function put(parent: Tree, key: string, { op, value }: Extract<Operation, { value: unknown }>): void {
  const copy = copyOf(value);
  if (Array.isArray(parent)) {
    parent.splice(key === '-' ? parent.length : Number(key), op === 'add' ? 0 : 1, copy);
    return;
  }
  Object.defineProperty(parent, key, { value: copy, enumerable: true, configurable: true, writable: true });
}

function childOf(at: unknown, key: string): unknown {
  if (Array.isArray(at)) return at[Number(key)];
  return isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
}

const split = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
