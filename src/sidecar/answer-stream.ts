// A streaming answer: each event is held until its every byte was judged; a refusal ends the stream in its own dialect.
import { once } from 'node:events';
import type { Route } from '../exchange/index.ts';
import { codecOf, framingOf } from '../gate/decode/index.ts';
import { responseHeaders, type UpstreamAnswer } from '../gate/forward/index.ts';
import { AnswerStream, type Passed } from '../judge/index.ts';
import { noteDecision } from './note.ts';
import type { Passage } from './passage.ts';
import { decisionHeaders } from './refuse.ts';

/** Longest silence towards the caller while text is held; load balancers and SDKs give up on longer ones. */
const KEEP_ALIVE_MS = 10_000;

export async function returnStream(passage: Passage, route: Route, answer: UpstreamAnswer): Promise<void> {
  const { account, reply, config, snapshot } = passage;
  const stream = new AnswerStream({ route, snapshot, requestedModel: account.model }, config.limits);
  account.status = answer.status;
  reply.writeHead(answer.status, { ...responseHeaders(answer.headers), ...decisionHeaders(passage) });
  reply.flushHeaders();
  const alive = signOfLife(route);
  const keepAlive = setInterval(() => reply.write(alive), KEEP_ALIVE_MS);
  try {
    await pump(passage, answer, stream);
  } finally {
    clearInterval(keepAlive);
    answer.body.destroy();
  }
}

function signOfLife({ operation }: Route): Buffer {
  const framing = framingOf(operation);
  const { ping } = codecOf(operation).encode;
  return ping === undefined ? framing.keepAlive : framing.openWriter().write(ping);
}

async function pump(passage: Passage, answer: UpstreamAnswer, stream: AnswerStream): Promise<void> {
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    const passed = stream.push(chunk);
    if (passed.cutBy !== null) return end(passage, stream, passed);
    await write(passage, passed.bytes);
  }
  end(passage, stream, stream.end());
}

async function write({ account, reply, signal }: Passage, bytes: Buffer): Promise<void> {
  if (bytes.length === 0) return;
  account.noteChunk();
  if (!reply.write(bytes)) await once(reply, 'drain', { signal });
}

/** Noted before the last bytes go: an answer that cannot be accounted for does not end well. */
function end(passage: Passage, stream: AnswerStream, { bytes, cutBy }: Passed): void {
  const { account, reply } = passage;
  note(passage, stream);
  if (cutBy !== null) account.settle('cut');
  else if (bytes.length > 0) account.noteChunk();
  reply.end(bytes);
}

/** @throws PosternError when a required audit line cannot be written; the stream is then cut before its end. */
function note(passage: Passage, { facts, judgement, edited }: AnswerStream): void {
  const { account } = passage;
  account.responseModel = facts.model;
  account.usage = facts.usage;
  account.finishReasons = facts.finishReasons;
  account.edited ||= edited;
  if (judgement !== null) noteDecision(passage, 'response', judgement);
}
