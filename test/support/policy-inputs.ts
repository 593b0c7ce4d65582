// Nothing in, documents of the shape that policies read out, and what can be wrong with such a document.
import * as fc from 'fast-check';

const ORIGIN = fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool', 'document', 'unknown');
const KIND = fc.constantFrom('text', 'reasoning', 'refusal', 'tool_call', 'tool_result', 'media');
/** What the built-in policies know, and what they do not. */
const CODE = fc.constantFrom(
  'injection.ignore_previous',
  'injection.new_instructions',
  'code.shell_command',
  'secret.github_token',
  'secret.aws_access_key',
  'unicode.tags',
  'unicode.zero_width',
  'entropy.token',
  'inspect.limit',
  'legal.contract',
);
const NAME = fc.constantFrom('get_weather', 'bash', 'Python', 'run_shell', '');
const COUNT = fc.constantFrom(0, 0, 0, 1, 2, 4096);

const part = fc.record(
  {
    turn: fc.integer({ min: -1, max: 3 }),
    role: fc.constantFrom('user', 'assistant', 'system', 'tool'),
    origin: ORIGIN,
    lane: fc.constantFrom('0.0.text', '0.1.text', 'unknown'),
    kind: KIND,
    name: NAME,
    arguments: fc.jsonValue({ maxDepth: 2 }),
    media: fc.constant('image/png'),
    chars: fc.oneof(fc.nat(200), fc.nat(2_000_000)),
    sha256: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
  },
  { requiredKeys: ['turn', 'role', 'origin', 'lane', 'kind', 'chars'] },
);
const finding = fc.record({
  detector: fc.constantFrom('patterns', 'secrets', 'unicode'),
  code: CODE,
  severity: fc.constantFrom('info', 'low', 'medium', 'high', 'critical'),
  confidence: fc.constantFrom(0.5, 0.9, 1),
  part: fc.nat(4),
  origin: ORIGIN,
});
const tool = fc.record({
  name: NAME,
  kind: fc.constantFrom('function', 'code_interpreter', 'web_search', 'computer_use'),
  server: fc.constantFrom('', 'mail'),
  sha256: fc.constant('c'.repeat(64)),
  whole_sha256: fc.constant('d'.repeat(64)),
});
const reference = fc.record({
  kind: fc.constantFrom('image_url', 'file_id', 'model'),
  value: fc.constantFrom('https://example.com/a.png', 'file-1', 'gpt-4o'),
  origin: ORIGIN,
});

/** As the sidecar would write it. */
export const POLICY_INPUT: fc.Arbitrary<Record<string, unknown>> = fc.record({
  phase: fc.constantFrom('request', 'response'),
  partial: fc.boolean(),
  provider: fc.constantFrom('openai', 'anthropic'),
  dialect: fc.constantFrom('openai-chat', 'anthropic-messages'),
  operation: fc.constant('chat'),
  model: fc.constantFrom('gpt-4o', 'small-2', ''),
  stream: fc.boolean(),
  upstream: fc.constant({ name: 'openai', host: 'api.openai.com' }),
  credential: fc.record(
    { id: fc.constantFrom('00ff00ff00ff00ff', 'ff00ff00ff00ff00') },
    { requiredKeys: [] },
  ),
  parts: fc.array(part, { maxLength: 4 }),
  tools: fc.array(tool, { maxLength: 2 }),
  references: fc.array(reference, { maxLength: 1 }),
  limits: fc.record(
    { max_output_tokens: fc.constantFrom(1, 4096, 1_000_000), n: fc.constantFrom(1, 99), other: fc.nat() },
    { requiredKeys: [] },
  ),
  findings: fc.array(finding, { maxLength: 3 }),
  coverage: fc.record({ bytes: fc.nat(), judged: fc.nat(), opaque: COUNT, unknown_fields: COUNT }),
  usage: fc.record({ input_tokens: fc.nat(), output_tokens: fc.nat() }, { requiredKeys: [] }),
  finish_reasons: fc.array(fc.constantFrom('stop', 'length'), { maxLength: 2 }),
});

/** A place in a document. */
export type Path = ReadonlyArray<string | number>;

/** What stands at a place afterwards; `gone` takes the field away. */
export interface Damage {
  readonly path: Path;
  readonly value: { readonly kind: 'gone' } | { readonly kind: 'is'; readonly value: unknown };
}

/** One of each type that JSON has. */
const STRANGERS: readonly unknown[] = [null, true, 7, 'x', [], {}];

/** Every field at any depth taken away, and every value of another type. Items of lists change, and are never taken. */
export function* listDamages(document: unknown, path: Path = []): Generator<Damage> {
  if (path.length > 0) yield* listChanges(document, path);
  if (typeof document !== 'object' || document === null) return;
  const isList = Array.isArray(document);
  for (const [key, value] of Object.entries(document)) {
    if (value !== undefined) yield* listDamages(value, [...path, isList ? Number(key) : key]);
  }
}

function* listChanges(value: unknown, path: Path): Generator<Damage> {
  if (typeof path.at(-1) === 'string') yield { path, value: { kind: 'gone' } };
  for (const stranger of STRANGERS)
    if (typeOf(stranger) !== typeOf(value)) yield { path, value: { kind: 'is', value: stranger } };
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** A copy; a place that is no longer there stays as it is. */
export function damage(document: unknown, { path, value }: Damage): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value.kind === 'is' ? value.value : undefined;
  if (typeof document !== 'object' || document === null || !(key in document)) return document;
  const copy = Array.isArray(document) ? [...(document as unknown[])] : { ...document };
  const changed = damage((document as Readonly<Record<string | number, unknown>>)[key], {
    path: rest,
    value,
  });
  return Object.assign(copy, { [key]: changed });
}

/** With some of its fields missing or of another type, down to nothing at all. */
export const DAMAGED_INPUT: fc.Arbitrary<Record<string, unknown>> = POLICY_INPUT.chain((input) => {
  const damages = [...listDamages(input)];
  return fc
    .subarray(damages, { maxLength: 3 })
    .map((chosen) => chosen.reduce<unknown>(damage, input) as Record<string, unknown>);
});
