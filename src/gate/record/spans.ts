// A finished exchange in; the spans that tell it out, the parent before its children. Codes, counts and times only.
import {
  isRefusal,
  type ExchangeRecord,
  type JudgedSide,
  type Phase,
  type Stage,
  type StageName,
} from '../../exchange/index.ts';
import { boundList, boundText } from './bounded.ts';
import { comparisonAttributes, guardrailAttributes, type Attributes } from './guardrail.ts';
import { ATTR, GUARDRAIL, POLICY_DENIED, POSTERN, providerName } from './semconv.ts';

export interface SpanPlan {
  readonly name: string;
  readonly kind: 'server' | 'internal' | 'client';
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** The `error.type` of a span that failed; null for one that did not. */
  readonly error: string | null;
  /** Index of the parent in the same plan; null for the caller's span. */
  readonly parent: number | null;
}

export function spansOf(record: ExchangeRecord): SpanPlan[] {
  const spans = [serverSpan(record)];
  const input = guardrailSpan(record, 'request');
  if (input !== null) spans.push(input);
  const chat = chatSpan(record);
  if (chat !== null) spans.push(chat);
  const output = guardrailSpan(record, 'response');
  if (output !== null) spans.push(output);
  return spans;
}

const stageOf = ({ stages }: ExchangeRecord, name: StageName): Stage | undefined =>
  stages.find((stage) => stage.name === name);

/** A refusal by policy is Postern doing its work: only a 5xx of ours is an error here. */
function serverSpan(record: ExchangeRecord): SpanPlan {
  const { route, failure, status } = record;
  const path = route === null ? null : `/${route.upstream.name}${route.operation.path}`;
  return {
    name: path === null ? 'POST' : `POST ${path}`,
    kind: 'server',
    startMs: record.startMs,
    endMs: record.endMs,
    attributes: {
      [ATTR.httpMethod]: 'POST',
      [ATTR.urlScheme]: 'http',
      ...(path === null ? {} : { [ATTR.httpRoute]: path }),
      ...(route === null ? {} : { [POSTERN.upstream]: route.upstream.name }),
      ...(status === 0 ? {} : { [ATTR.httpStatus]: status }),
      [POSTERN.exchangeId]: record.id,
      [POSTERN.interceptionMode]: record.mode,
      [POSTERN.interceptionGrade]: record.grade,
      [POSTERN.outcome]: record.outcome,
      ...(failure === null ? {} : { [POSTERN.failure]: failure }),
    },
    error: status >= 500 ? (failure ?? String(status)) : null,
    parent: null,
  };
}

function guardrailSpan(record: ExchangeRecord, phase: Phase): SpanPlan | null {
  const side = record[phase];
  const stage = stageOf(record, phase === 'request' ? 'policy' : 'response');
  const failed = side === null && isJudgingFailure(record);
  if (stage === undefined || (side === null && !failed)) return null;
  return {
    name: `${GUARDRAIL.operation} postern`,
    kind: 'internal',
    startMs: stage.startMs,
    endMs: stage.endMs,
    attributes: { ...guardrailAttributes(phase, side), ...comparisonAttributes(record.candidate[phase]) },
    error: failed ? record.failure : null,
    parent: 0,
  };
}

const isJudgingFailure = ({ failure }: ExchangeRecord): boolean =>
  failure !== null && (failure.startsWith('POSTERN_E_POLICY') || failure === 'POSTERN_E_CANNOT_EDIT');

/** From the call to the last byte of the answer: with a stream, the answer is still arriving while it is judged. */
export function callOf(record: ExchangeRecord): Pick<SpanPlan, 'startMs' | 'endMs' | 'error'> | null {
  const called = stageOf(record, 'upstream');
  if (called === undefined || record.route === null) return null;
  const { endMs } = stageOf(record, 'response') ?? called;
  return { startMs: called.startMs, endMs, error: chatError(record) };
}

function chatSpan(record: ExchangeRecord): SpanPlan | null {
  const { route } = record;
  const call = callOf(record);
  if (call === null || route === null) return null;
  return {
    name: `${route.operation.name} ${boundText(record.model)}`.trimEnd(),
    kind: 'client',
    ...call,
    attributes: {
      [ATTR.operationName]: route.operation.name,
      [ATTR.providerName]: providerName(route.upstream.provider),
      [ATTR.requestModel]: boundText(record.model),
      [POSTERN.upstream]: route.upstream.name,
      ...serverAttributes(route.upstream.url),
      ...answerAttributes(record),
      ...streamAttributes(record, call),
    },
    parent: 0,
  };
}

/** Not the URL itself: a path or a query may hold a key. */
const serverAttributes = (url: URL): Attributes => ({
  [ATTR.serverAddress]: url.hostname,
  [ATTR.serverPort]: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
});

const answerAttributes = ({
  upstreamStatus,
  responseModel,
  finishReasons,
  usage,
}: ExchangeRecord): Attributes => ({
  ...(upstreamStatus === null ? {} : { [ATTR.httpStatus]: upstreamStatus }),
  ...(responseModel === '' ? {} : { [ATTR.responseModel]: boundText(responseModel) }),
  ...(finishReasons.length === 0 ? {} : { [ATTR.finishReasons]: boundList(finishReasons) }),
  ...(usage.inputTokens === undefined ? {} : { [ATTR.inputTokens]: usage.inputTokens }),
  ...(usage.outputTokens === undefined ? {} : { [ATTR.outputTokens]: usage.outputTokens }),
});

/** The convention counts from the call to the provider; the record counts from the caller's first byte. */
function streamAttributes(
  { stream, startMs, timeToFirstChunkMs }: ExchangeRecord,
  called: Pick<SpanPlan, 'startMs'>,
): Attributes {
  if (!stream) return {};
  if (timeToFirstChunkMs === null) return { [ATTR.requestStream]: true };
  const seconds = Math.max(0, startMs + timeToFirstChunkMs - called.startMs) / 1000;
  return { [ATTR.requestStream]: true, [ATTR.timeToFirstChunk]: seconds };
}

/** Why the call failed for its caller; null when it did not. */
function chatError({ failure, upstreamStatus, response }: ExchangeRecord): string | null {
  if (failure !== null) return failure;
  if (upstreamStatus !== null && upstreamStatus >= 400) return String(upstreamStatus);
  return isRefused(response) ? POLICY_DENIED : null;
}

const isRefused = (side: JudgedSide | null): boolean => side !== null && isRefusal(side.decision.action);
