// Checked text of a case in; the exchange that it tells, and what is expected of it, out.
import type { Frame } from '../../gate/decode/index.ts';
import type { Expectation, SaidAnswer, SaidRequest, Turn } from './case.ts';
import type { AnswerText, CaseText, RequestText, TurnText } from './schema.ts';

/** Where a case names none, it does not matter which. */
const ANY_MODEL = 'a-model';

export function readRequest(text: RequestText): SaidRequest {
  if (text.body !== undefined) return { kind: 'verbatim', body: writeBody(text.body) };
  const { model = ANY_MODEL, system, turns = [], user, tools = [], limits = {}, extra = {} } = text;
  return {
    kind: 'spoken',
    model,
    turns: [...turnOf('system', system), ...turns.map(readTurn), ...turnOf('user', user)],
    tools,
    limits,
    extra,
  };
}

export function readAnswer(text: AnswerText): SaidAnswer {
  if (text.body !== undefined) return { kind: 'verbatim', body: writeBody(text.body) };
  if (text.events !== undefined) return { kind: 'events', events: readEvents(text.events) };
  const { model = ANY_MODEL, reasoning = '', text: said = '', refusal = '', calls = [], extra = {} } = text;
  return { kind: 'spoken', model, reasoning, text: said, refusal, calls, extra };
}

export const readExpectation = (
  { becomes, ...rest }: CaseText['expect'],
  speaker: 'user' | 'assistant',
): Expectation => ({ ...rest, becomes: typeof becomes === 'string' ? { [speaker]: becomes } : becomes });

const turnOf = (kind: 'system' | 'user', text: string | undefined): readonly Turn[] =>
  text === undefined ? [] : [{ kind, text }];

const SPOKEN = ['system', 'developer', 'user', 'assistant', 'document', 'result'] as const;

/** It has exactly one of its keys. */
function readTurn(turn: TurnText): Turn {
  if (turn.call !== undefined) return { kind: 'call', ...turn.call };
  if (turn.image !== undefined) return { kind: 'image', url: turn.image };
  const kind = SPOKEN.find((key) => turn[key] !== undefined) ?? 'user';
  return { kind, text: turn[kind] ?? '' };
}

/** Text is taken byte for byte; anything else is written as JSON. */
const writeBody = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

const readEvents = (events: NonNullable<AnswerText['events']>): Buffer | readonly Frame[] =>
  typeof events === 'string'
    ? Buffer.from(events)
    : events.map(({ event = '', data }) => ({ name: event, data: writeBody(data) }));
