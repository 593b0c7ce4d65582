// One telling of a case in; what came of it on the sidecar's own way, out.
import {
  isRefusal,
  PosternError,
  type Decision,
  type FailureCode,
  type Part,
  type Route,
} from '../../exchange/index.ts';
import { codecOf, framingOf } from '../../gate/decode/index.ts';
import type { Judgement, Settlement } from '../../gate/enforce/index.ts';
import {
  AnswerStream,
  codesOf,
  draftAnswer,
  decodeRequest,
  messageOf,
  settleAnswer,
  settleRequest,
} from '../../judge/index.ts';
import type { Snapshot } from '../../policy/index.ts';
import type { TalkedAnswer, Telling } from './tell.ts';

export type Heard =
  | { readonly kind: 'decided'; readonly side: Side; readonly said: Said }
  | { readonly kind: 'failed'; readonly side: Side; readonly code: FailureCode; readonly detail: string };

export type Side = 'request' | 'answer';

export interface Said {
  readonly decision: Decision;
  readonly findings: readonly string[];
  /** What the caller is told; null when nothing was refused. */
  readonly message: string | null;
  /** Origin -> the texts that pass; null when nothing does. */
  readonly passing: Readonly<Record<string, string>> | null;
}

/** What a sidecar has where its configuration says nothing. */
const LIMITS = { heldBytes: 4_194_304, bodyBytes: 8_388_608 };

/** The answer is judged when there is one and the request passes. */
export function hearTelling(telling: Telling, snapshot: Snapshot): Heard {
  const { request, answer, route } = telling;
  const asked = request === null ? null : attempt('request', () => hearRequest(request, { route, snapshot }));
  if (answer === null || (asked !== null && !hasPassed(asked))) return asked ?? NOTHING;
  return attempt('answer', () => hearAnswer(answer, { route, snapshot, requestedModel: telling.model }));
}

const NOTHING: Heard = { kind: 'failed', side: 'request', code: 'POSTERN_E_INTERNAL', detail: '' };

const hasPassed = (heard: Heard): boolean => heard.kind === 'decided' && heard.said.passing !== null;

function attempt(side: Side, hear: () => Said): Heard {
  try {
    return { kind: 'decided', side, said: hear() };
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return { kind: 'failed', side, code: error.code, detail: error.message };
  }
}

interface Setting {
  readonly route: Route;
  readonly snapshot: Snapshot;
}

type AnswerSetting = Setting & { readonly requestedModel: string };

const hearRequest = (body: Buffer, setting: Setting): Said =>
  saidOf(settleRequest({ body, message: decodeRequest(body, setting.route) }, setting));

const hearAnswer = (answer: TalkedAnswer, setting: AnswerSetting): Said =>
  answer.kind === 'whole'
    ? saidOf(settleAnswer(draftAnswer(answer.body, setting.route), setting))
    : hearStream(answer.chunks, setting);

function saidOf(settled: Settlement<{ readonly parts: readonly Part[] }>): Said {
  const passing = settled.kind === 'refused' ? null : joinTexts(settled.permit.value.message.parts);
  return summarise(settled.judgement, passing);
}

function hearStream(chunks: readonly Buffer[], setting: AnswerSetting): Said {
  const stream = new AnswerStream(setting, LIMITS);
  const passed: Buffer[] = [];
  for (const step of pushAll(stream, chunks)) {
    passed.push(step.bytes);
    if (step.cutBy !== null) break;
  }
  const { judgement } = stream;
  if (judgement === null) throw new PosternError('POSTERN_E_INTERNAL');
  const isCut = isRefusal(judgement.decision.action);
  return summarise(judgement, isCut ? null : joinTexts(readBack(Buffer.concat(passed), setting.route)));
}

function* pushAll(
  stream: AnswerStream,
  chunks: readonly Buffer[],
): Generator<ReturnType<AnswerStream['push']>> {
  for (const chunk of chunks) yield stream.push(chunk);
  yield stream.end();
}

const summarise = ({ decision, facts }: Judgement, passing: Said['passing']): Said => ({
  decision,
  findings: codesOf(facts.findings),
  message: messageOfRefusal(decision),
  passing,
});

const messageOfRefusal = (decision: Decision): string | null =>
  isRefusal(decision.action) ? messageOf(decision) : null;

/** What a client would read in the stream that it gets. */
function readBack(bytes: Buffer, { operation }: Route): readonly SpokenText[] {
  const decoded = codecOf(operation).openStream(framingOf(operation)).push(bytes);
  if (!decoded.ok) return [];
  return decoded.value.flatMap(({ deltas }) => deltas.filter(({ again }) => again === undefined));
}

type SpokenText = Pick<Part, 'lane' | 'kind' | 'origin' | 'text'>;

/** Deltas of one lane are one text; texts stand a line each. */
function joinTexts(parts: readonly SpokenText[]): Readonly<Record<string, string>> {
  const lanes = new Map<string, { readonly origin: string; text: string }>();
  for (const { lane, kind, origin, text } of parts) {
    if (kind !== 'text' || !lane.includes('.')) continue;
    const known = lanes.get(`${origin} ${lane}`);
    if (known === undefined) lanes.set(`${origin} ${lane}`, { origin, text });
    else known.text += text;
  }
  const byOrigin = Object.groupBy(lanes.values(), ({ origin }) => origin);
  return Object.fromEntries(
    Object.entries(byOrigin).map(([origin, texts = []]) => [
      origin,
      texts.map(({ text }) => text).join('\n'),
    ]),
  );
}
