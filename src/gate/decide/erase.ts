// Facts in; the input that policies read, without what quotes the exchange, and the names of what was left out, out.
import type { Facts } from './facts.ts';
import { createInputWriter } from './input.ts';
import { READS_EVERYTHING, TEXT_HANDLE } from './input-reads.ts';

export interface ErasedInput {
  readonly input: object;
  /** Paths such as `parts.arguments`, in order; `*` when all of it was left out. */
  readonly erased: readonly string[];
}

type Kept = true | { readonly [field: string]: Kept };

/** What is not listed is erased, so that a field which comes later stays out until somebody decides. */
const KEPT: Kept = {
  phase: true,
  partial: true,
  provider: true,
  dialect: true,
  operation: true,
  model: true,
  stream: true,
  upstream: { name: true, host: true },
  credential: { id: true },
  parts: {
    turn: true,
    role: true,
    origin: true,
    lane: true,
    kind: true,
    name: true,
    media: true,
    chars: true,
    sha256: true,
    [TEXT_HANDLE]: true,
  },
  tools: { name: true, kind: true, server: true, sha256: true, whole_sha256: true },
  tools_sha256: true,
  references: { kind: true, origin: true },
  limits: { max_output_tokens: true, n: true },
  findings: {
    detector: true,
    code: true,
    severity: true,
    confidence: true,
    part: true,
    origin: true,
    shown: true,
  },
  coverage: { bytes: true, judged: true, opaque: true, unknown_fields: true },
  usage: { input_tokens: true, output_tokens: true },
  finish_reasons: true,
};

/** A model, a tool, a role, a hash. Whatever a caller writes in their places instead is no name, and erased. */
const NAME = /^[\w.:/@+-]{0,128}$/;
/** Of some nine hundred parts. */
const MOST_VALUES = 8_192;

const writeWhole = createInputWriter(READS_EVERYTHING);

export function eraseContent(facts: Facts): ErasedInput {
  const eraser = new Eraser();
  const input = eraser.take(writeWhole(facts), KEPT, '');
  return eraser.kept > MOST_VALUES
    ? { input: {}, erased: ['*'] }
    : { input: input as object, erased: [...eraser.erased].sort() };
}

class Eraser {
  readonly erased = new Set<string>();
  kept = 0;

  take(value: unknown, kept: Kept | undefined, path: string): unknown {
    if (value === undefined || this.kept > MOST_VALUES) return undefined;
    if (kept !== undefined && Array.isArray(value)) return value.map((item) => this.take(item, kept, path));
    if (kept !== undefined && kept !== true && isRecord(value)) return this.#takeFields(value, kept, path);
    if (kept === true && isPlain(value)) {
      this.kept += 1;
      return value;
    }
    this.erased.add(path);
    return undefined;
  }

  #takeFields(value: Fields, kept: Exclude<Kept, true>, path: string): object {
    const taken: Record<string, unknown> = {};
    for (const [name, below] of Object.entries(value)) {
      const field = Object.hasOwn(kept, name) ? kept[name] : undefined;
      taken[name] = this.take(below, field, path === '' ? name : `${path}.${name}`);
    }
    return taken;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isPlain = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && NAME.test(value));
