// A full example of a dialect in; for every string in it, what the decoder makes of whatever stands there, out.
import type { Part } from '../../../src/exchange/index.ts';
import type { DecodeFault } from '../../../src/gate/decode/index.ts';
import type { Result } from '../../../src/lib/result.ts';

/** What a decoder made of a document: what it found in it, or why it does not understand it. */
export type Decode = (document: unknown) => Result<Read, DecodeFault>;

export interface Read {
  readonly parts: readonly Omit<Part, 'turn'>[];
  /** Bytes that were counted only. */
  readonly opaque: number;
}

/** What is done with a string, in words for people. */
export interface Fate {
  readonly what: string;
  readonly origin: string;
  readonly how: string;
}

export interface Probed {
  /** Names of fields; `[]` for every item of a list. */
  readonly path: string;
  readonly fate: Fate;
}

const CANARY = 'canary \u{1f424} "ß"';

/** @throws when the example itself is not understood. */
export function probe(document: unknown, decode: Decode): readonly Probed[] {
  const example = decode(document);
  if (!example.ok) throw new Error(`An example is not understood: ${example.error.code}`);
  return [...plant(document, '')].map((planted) => {
    const read = decode(planted.planted);
    const fate = read.ok ? compare(example.value, read.value, planted) : refusedBy(read.error);
    return { path: planted.path, fate };
  });
}

interface Planted {
  readonly path: string;
  readonly planted: unknown;
  /** What stood there. */
  readonly instead: string;
}

/** Every way to put the canary in the place of one string. */
function* plant(value: unknown, path: string): Generator<Planted> {
  if (typeof value === 'string') yield { path, planted: CANARY, instead: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value) as [string, unknown][]) {
    const below = Array.isArray(value) ? `${path}[]` : path === '' ? key : `${path}.${key}`;
    for (const found of plant(item, below)) {
      const planted = Array.isArray(value)
        ? value.with(Number(key), found.planted)
        : { ...value, [key]: found.planted };
      yield { ...found, planted };
    }
  }
}

const UNKNOWN = 'unknown field';
const LOST: Fate = { what: 'nothing', origin: '', how: 'not looked at' };
const MEDIUM: Fate = {
  what: 'opaque',
  origin: '',
  how: 'counted; what is none of its kind is an unknown field',
};
const TAG: Fate = {
  what: 'tag',
  origin: '',
  how: 'a value that is known is no text; any other, and what it speaks of, is an unknown field',
};

const refusedBy = ({ code }: DecodeFault): Fate => ({
  what: 'fixed',
  origin: '',
  how: `another value is refused, or one that disagrees with what was said before: ${code}`,
});

/** What stood there tells media and tags from text: it was not read. */
function compare(example: Read, read: Read, { path, instead }: Planted): Fate {
  const fate = fateOf(read.parts);
  if (fate.what !== UNKNOWN || example.parts.some(({ text }) => text.includes(instead))) return fate;
  return read.opaque < example.opaque && !path.endsWith('type') ? MEDIUM : TAG;
}

function fateOf(parts: Read['parts']): Fate {
  const found = parts.filter(({ text }) => text.includes(CANARY));
  const [first] = found.toSorted((a, b) => Number(isPlain(a)) - Number(isPlain(b)));
  if (first === undefined) return LOST;
  const { kind, lane, origin, at } = first;
  if (lane === 'metadata') return { what: 'metadata', origin, how: editing(at) };
  if (lane === 'unknown') return { what: UNKNOWN, origin, how: `counted; ${editing(at)}` };
  return { what: kind.replace('_', ' '), origin, how: editing(at) };
}

const isPlain = ({ lane }: Pick<Part, 'lane'>): boolean => lane === 'metadata' || lane === 'unknown';

const editing = (at: Part['at']): string =>
  at === null ? 'judged; an edit here refuses' : 'judged, edited in place';
