// A JSON answer: read whole, judged whole, and passed on byte for byte unless a policy asked for an edit.
import { err } from '../lib/result.ts';
import { PosternError, type ResponseMessage, type Route } from '../exchange/index.ts';
import { factsOfAnswer } from '../gate/decide/index.ts';
import { codecOf, describeFault } from '../gate/decode/index.ts';
import { settle, type Draft, type Judgement } from '../gate/enforce/index.ts';
import { responseHeaders, type UpstreamAnswer } from '../gate/forward/index.ts';
import { readBody } from '../gate/intercept/index.ts';
import { codesOf, judge } from './judge.ts';
import { noteDecision } from './note.ts';
import type { Passage } from './passage.ts';
import { decisionHeaders, messageOf, sendError } from './refuse.ts';

export async function returnWhole(passage: Passage, route: Route, answer: UpstreamAnswer): Promise<void> {
  const { account } = passage;
  const body = await readBody(answer.body, {
    bytes: passage.config.limits.bodyBytes,
    timeoutMs: passage.config.limits.upstreamIdleTimeoutMs,
    tooLarge: 'POSTERN_E_UPSTREAM_RESPONSE',
    tooLate: 'POSTERN_E_UPSTREAM_TIMEOUT',
  });
  const draft = { body, message: decode(body, route) };
  account.enter('policy');
  const settled = settle(draft, {
    judge: (message) => judgeResponse(message, passage, route),
    decode: (edited) => decode(edited, route),
    pinSystem: () => err('an answer has no system instruction'),
  });
  account.enter('response');
  note(passage, draft, settled.judgement);
  if (settled.kind === 'refused')
    return refuse(passage, route, { answer, draft, judgement: settled.judgement });
  account.edited ||= settled.edited;
  send(passage, answer, settled.permit.value.body);
}

function decode(body: Buffer, route: Route): ResponseMessage {
  const decoded = codecOf(route.operation).decodeResponse(body);
  if (!decoded.ok) throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', describeFault(decoded.error));
  return decoded.value;
}

function judgeResponse(message: ResponseMessage, { snapshot, account }: Passage, route: Route): Judgement {
  const findings = snapshot.inspector.inspectParts(message.parts);
  const setting = { route, findings, stream: false, partial: false, requestedModel: account.model };
  return judge(factsOfAnswer(message, setting), snapshot);
}

function note(
  passage: Passage,
  { message }: Draft<ResponseMessage>,
  { decision, findings }: Judgement,
): void {
  const { account } = passage;
  noteDecision(passage, 'response', { decision, findings: codesOf(findings), coverage: message.coverage });
  account.responseModel = message.model;
  account.usage = message.usage;
  account.finishReasons = message.finishReasons;
}

interface RefusedAnswer {
  readonly answer: UpstreamAnswer;
  readonly draft: Draft<ResponseMessage>;
  readonly judgement: Judgement;
}

/** A refused completion is a well-formed refusal with the usage that was billed; a refused error stays an error. */
function refuse(passage: Passage, route: Route, { answer, draft, judgement }: RefusedAnswer): void {
  const { account } = passage;
  const { encode } = codecOf(route.operation);
  const message = messageOf(judgement.decision);
  account.settle('refused');
  if (answer.status !== 200)
    return sendError(passage, encode, { status: answer.status, code: 'content_filter', message });
  const { model, usage } = draft.message;
  send(
    passage,
    answer,
    encode.answer({ message, model: model || account.model, requestId: account.id, usage }),
  );
}

function send(passage: Passage, { status, headers }: UpstreamAnswer, body: Buffer): void {
  passage.account.status = status;
  passage.reply.writeHead(status, {
    ...responseHeaders(headers),
    ...decisionHeaders(passage),
    'content-length': body.length,
  });
  passage.reply.end(body);
}
