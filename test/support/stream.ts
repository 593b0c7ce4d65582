// Events of a streaming answer as a decoder would give them, and a gate to push them through.
import type { Action, Decision, Obligation, PartKind } from '../../src/exchange/index.ts';
import { factsOfAnswer } from '../../src/gate/decide/index.ts';
import { FRAMINGS, writeFrames, type StreamEvent } from '../../src/gate/decode/index.ts';
import { StreamGate, type GateStep, type StreamFacts } from '../../src/gate/enforce/index.ts';
import {
  createInspector,
  parseDetectors,
  parsePatterns,
  type Inspector,
} from '../../src/gate/inspect/index.ts';

export interface Said {
  readonly text?: string;
  readonly lane?: string;
  readonly kind?: PartKind;
  readonly closes?: readonly string[];
  readonly role?: StreamEvent['role'];
  readonly again?: number;
  readonly signs?: readonly string[];
}

export function eventOf({
  text,
  lane = '0.0.text',
  kind = 'text',
  closes = [],
  role = 'content',
  again,
  signs = [],
}: Said): StreamEvent {
  const data = Buffer.from(JSON.stringify({ t: text ?? '' }));
  const at = { start: 5, end: data.length - 1 };
  const said = { role: 'assistant', origin: 'assistant' as const, lane, kind, text: text ?? '', at };
  const delta = again === undefined ? said : { ...said, again };
  const coverage = { bytes: data.length, judged: data.length, opaque: 0, unknownFields: 0 };
  return { name: '', data, deltas: text === undefined ? [] : [delta], role, closes, signs, coverage };
}

export function inspectorOf(literal: string, id = 'test.forbidden'): Inspector {
  return inspectorWith([{ id, literal, severity: 'high' }]);
}

/** `builtIn` is how streams wait for the built-in detectors. */
export function inspectorWith(patterns: readonly object[], builtIn = 'bounded'): Inspector {
  const names = ['code', 'entropy', 'invisible', 'secrets'];
  const parsed = parsePatterns(patterns);
  const waits = parseDetectors(Object.fromEntries(names.map((name) => [name, { stream: builtIn }])));
  if (!parsed.ok || !waits.ok) throw new Error(JSON.stringify([parsed, waits]));
  return createInspector(parsed.value, waits.value);
}

const decisionOf = (action: Action, obligations: readonly Obligation[] = []): Decision => ({
  action,
  verdicts: action === 'allow' ? [] : [{ policy: 'test.policy', action, code: 'test.code', message: 'No.' }],
  obligations,
  recorded: [],
  digest: 'digest',
});

const SETTING = {
  route: {
    upstream: { name: 'test', provider: 'openai', url: new URL('http://127.0.0.1') },
    operation: { dialect: 'openai-chat', name: 'chat', method: 'POST', path: '/chat/completions' },
  },
  requestedModel: '',
  stream: true,
} as const;

/** Decides `action` once the finding is there; redaction masks it. */
export function gateFor(
  inspector: Inspector,
  action: Action,
  options: { holdAll?: boolean; heldBytes?: number } = {},
): { gate: StreamGate; asked: StreamFacts[] } {
  const asked: StreamFacts[] = [];
  const gate = new StreamGate({
    inspector,
    holdAll: options.holdAll ?? false,
    heldBytes: options.heldBytes ?? 1_048_576,
    textUnits: 1_048_576,
    judge: (facts) => {
      asked.push(facts);
      const redact: Obligation[] = action === 'redact' ? [{ kind: 'redact', codes: ['test.forbidden'] }] : [];
      const decision = facts.findings.length > 0 ? decisionOf(action, redact) : decisionOf('allow');
      return { decision, facts: factsOfAnswer(facts, { ...SETTING, ...facts }) };
    },
  });
  return { gate, asked };
}

/** Masks the forbidden text by its place in the lane, which no detector tells. */
export function gateBySpans(forbidden: string, holdAll = true): StreamGate {
  return new StreamGate({
    inspector: inspectorOf('nothing of the kind'),
    holdAll,
    heldBytes: 1_048_576,
    textUnits: 1_048_576,
    judge: (facts) => {
      const spans = facts.parts.flatMap(({ text }, part) => {
        const start = text.indexOf(forbidden);
        return start === -1 ? [] : [{ part, start, end: start + forbidden.length }];
      });
      const mask: Obligation = { kind: 'redact_spans', code: 'test.spans', spans };
      return {
        decision: spans.length > 0 ? decisionOf('redact', [mask]) : decisionOf('allow'),
        facts: factsOfAnswer(facts, { ...SETTING, ...facts }),
      };
    },
  });
}

/** What a client would have read of the released events. */
export const readText = (steps: readonly GateStep[]): string =>
  steps
    .flatMap((step) => (step.kind === 'release' ? step.events : []))
    .map((event) => (JSON.parse(event.data.toString()) as { t: string }).t)
    .join('');

/** The very bytes that went on the wire. */
export const wireOf = (steps: readonly GateStep[]): string =>
  Buffer.concat(
    writeFrames(
      FRAMINGS.sse,
      steps.flatMap((step) => (step.kind === 'release' ? step.events : [])),
    ),
  ).toString();
