// One exchange, from the first byte of its request to the last byte of its answer. Read it top to bottom.
import { PosternError, type RequestMessage, type Route } from '../exchange/index.ts';
import type { Draft } from '../gate/enforce/index.ts';
import {
  announcedLength,
  codingOf,
  readBody,
  readHead,
  requireBody,
  routeRequest,
  unpackBody,
} from '../gate/intercept/index.ts';
import { decodeRequest } from '../judge/index.ts';
import { returnAnswer } from './answer.ts';
import type { Passage } from './passage.ts';
import { refuseRequest } from './refuse.ts';
import { settleNoted } from './settle-request.ts';

/** @throws PosternError for every way in which the exchange cannot be judged; the caller rescues, and that is a refusal. */
export async function passExchange(passage: Passage): Promise<void> {
  // intercept: one reading of the head, an upstream that is configured, an operation that is known, a caller who may ask
  const { route, headers } = intercept(passage);

  // decode: the whole body, strictly; what is not understood is not checked, and so it is refused
  const draft = await decode(passage, { route, headers });

  // canonicalise, inspect, decide, enforce: judged on exactly these bytes; edited ones are judged again
  const settled = settleNoted(passage, route, draft);
  if (settled.kind === 'refused') return refuseRequest(passage, route, settled.judgement.decision);

  // forward: takes a Permitted, and only a decision that does not refuse can mint one
  passage.account.enter('upstream');
  const answer = await passage.upstreams.forward({ route, headers, permit: settled.permit }, passage.caller);

  // the answer walks the same rooms back: whole, or event by event through the stream gate
  await returnAnswer(passage, route, answer);
}

interface Arrival {
  readonly route: Route;
  readonly headers: ReadonlyMap<string, string>;
}

function intercept({ arrival, reply, account, callers, config, entrance }: Passage): Arrival {
  const head = readHead(arrival);
  account.traceparent = head.headers.get('traceparent') ?? null;
  account.route = routeRequest(head, config.upstreams, entrance);
  const route = callers.admit(account.route, head.headers);
  requireBody(head.headers, route.operation);
  if (head.headers.has('expect')) reply.writeContinue();
  return { route, headers: head.headers };
}

async function decode(passage: Passage, { route, headers }: Arrival): Promise<Draft<RequestMessage>> {
  const { arrival, account, config, room, caller } = passage;
  const { bodyBytes, bodyTimeoutMs } = config.limits;
  await room.reserve(announcedLength(headers, bodyBytes), {
    timeoutMs: bodyTimeoutMs,
    get signal() {
      return caller.signal;
    },
  });
  const sent = await readBody(arrival, {
    cover: (size) => room.cover(size),
    bytes: bodyBytes,
    timeoutMs: bodyTimeoutMs,
  });
  const coding = codingOf(headers);
  // What is judged is what is sent on: unpacked, whatever it came in.
  const body = coding === 'identity' ? sent : await unpackBody(sent, coding, bodyBytes);
  if (!room.cover(sent.length + (body === sent ? 0 : body.length)))
    throw new PosternError('POSTERN_E_OVERLOADED');
  const message = decodeRequest(body, route);
  account.model = message.model;
  account.stream = message.stream;
  account.replyTo = message.replyTo;
  return { body, message };
}
