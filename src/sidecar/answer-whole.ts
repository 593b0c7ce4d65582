// A JSON answer: read whole, judged whole, and passed on byte for byte unless a policy asked for an edit, or it led round the gate.
import type { ResponseMessage, Route } from '../exchange/index.ts';
import { codecOf } from '../gate/decode/index.ts';
import type { Draft, Judgement } from '../gate/enforce/index.ts';
import { readWhole, responseHeaders, type UpstreamAnswer } from '../gate/forward/index.ts';
import { writeHead } from '../gate/intercept/index.ts';
import { draftAnswer, messageOf, settleAnswer } from '../judge/index.ts';
import { noteDecision } from './note.ts';
import type { Passage } from './passage.ts';
import { decisionHeaders, sendError } from './refuse.ts';

export async function returnWhole(passage: Passage, route: Route, answer: UpstreamAnswer): Promise<void> {
  const { account, snapshot, room } = passage;
  room.next();
  const body = await readWhole(answer.body, {
    cover: (size) => room.cover(size),
    bytes: passage.config.limits.bodyBytes,
    timeoutMs: passage.config.limits.upstreamIdleTimeoutMs,
  });
  const draft = draftAnswer(body, route);
  account.enter('policy');
  const settled = settleAnswer(draft, { route, snapshot, requestedModel: account.model });
  account.enter('response');
  note(passage, draft, settled.judgement);
  if (settled.kind === 'refused')
    return refuse(passage, route, { answer, draft, judgement: settled.judgement });
  account.edited ||= settled.edited;
  send(passage, answer, settled.permit.value.body);
}

function note(passage: Passage, { message }: Draft<ResponseMessage>, judgement: Judgement): void {
  const { account } = passage;
  noteDecision(passage, 'response', judgement);
  account.responseModel = message.model;
  account.usage = message.usage;
  account.finishReasons = message.finishReasons;
}

interface RefusedAnswer {
  readonly answer: UpstreamAnswer;
  readonly draft: Draft<ResponseMessage>;
  readonly judgement: Judgement;
}

/** A well-formed refusal with the usage that was billed, where answers have words for one; a refused error stays an error. */
function refuse(passage: Passage, route: Route, { answer, draft, judgement }: RefusedAnswer): void {
  const { account } = passage;
  const { encode } = codecOf(route.operation);
  const message = messageOf(judgement.decision);
  account.settle('refused');
  const { model, usage } = draft.message;
  const refusal = {
    message,
    model: model || account.model,
    requestId: account.id,
    usage,
    replyTo: account.replyTo,
  };
  const body = answer.status === 200 ? encode.answer(refusal) : null;
  if (body !== null) return send(passage, answer, body);
  const status = answer.status === 200 ? 400 : answer.status;
  sendError(passage, encode, { status, code: 'content_filter', message });
}

function send(passage: Passage, { status, headers }: UpstreamAnswer, body: Buffer): void {
  passage.account.status = status;
  const out = writeHead(passage.reply, status, {
    ...responseHeaders(headers),
    ...decisionHeaders(passage),
    'content-length': body.length,
  });
  out.end(body);
}
