// What the upstream answered in; the same bytes, edited bytes, or a refusal, to the caller out.
import { PosternError, type Route } from '../exchange/index.ts';
import { framingOf } from '../gate/decode/index.ts';
import type { UpstreamAnswer } from '../gate/forward/index.ts';
import { returnStream } from './answer-stream.ts';
import { returnWhole } from './answer-whole.ts';
import type { Passage } from './passage.ts';

/** @throws PosternError POSTERN_E_UPSTREAM_RESPONSE when the answer is in no form that can be judged. */
export async function returnAnswer(passage: Passage, route: Route, answer: UpstreamAnswer): Promise<void> {
  const { account } = passage;
  account.upstreamStatus = answer.status;
  account.enter('response');
  try {
    requirePlain(answer);
    await returnPlain(passage, route, answer);
  } finally {
    // What was not read would keep its connection.
    answer.body.destroy();
  }
}

/** To unpack what was asked for plain would feed one more parser from outside. */
function requirePlain({ headers }: UpstreamAnswer): void {
  const { 'content-encoding': coding = 'identity', 'transfer-encoding': transfer = 'chunked' } = headers;
  if (coding !== 'identity') throw notUnderstood('It is compressed although that was declined.');
  if (transfer !== 'chunked') throw notUnderstood('Its transfer-encoding is not "chunked".');
}

async function returnPlain(passage: Passage, route: Route, answer: UpstreamAnswer): Promise<void> {
  const { account } = passage;
  const type = mediaType(answer);
  const isStream = account.stream && answer.status === 200 && type === framingOf(route.operation).mediaType;
  if (isStream) return returnStream(passage, route, answer);
  const isNothing = type === '' && route.operation.isAcknowledged === true && isDone(answer.status);
  if (isNothing || (isWhole(type, route, answer.status) && isAnswer(answer.status)))
    return returnWhole(passage, route, answer);
  throw notUnderstood(`Status: ${answer.status}.`);
}

/** A file has the type that it was stored with; what it holds is read as strictly. */
const isWhole = (type: string, { operation }: Route, status: number): boolean =>
  type === 'application/json' ||
  (status === 200 && (operation.answer === 'file' || (operation.answer === 'sound' && SOUND.test(type))));

const SOUND = /^audio\/[a-z0-9.+-]+$/;

/** With no body, or one that is then read as strictly. */
const isDone = (status: number): boolean => status >= 200 && status <= 204;

/** An answer or an error; a redirect would lead round the gate, and the rest is said by no LLM operation. */
const isAnswer = (status: number): boolean => status === 200 || status >= 400;

function mediaType({ headers }: UpstreamAnswer): string {
  const type = headers['content-type'];
  return typeof type === 'string' ? (type.split(';', 1)[0] ?? '').trim().toLowerCase() : '';
}

const notUnderstood = (detail: string): PosternError =>
  new PosternError('POSTERN_E_UPSTREAM_RESPONSE', detail);
