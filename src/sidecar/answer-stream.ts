// A streaming answer: each event is held until its every byte was judged; a refusal ends the stream in its own dialect.
import { PosternError, type Route } from '../exchange/index.ts';
import { responseHeaders, type UpstreamAnswer } from '../gate/forward/index.ts';
import { flushHead, writeHead } from '../gate/intercept/index.ts';
import { AnswerStream, type Passed } from '../judge/index.ts';
import { noteDecision } from './note.ts';
import type { Passage } from './passage.ts';
import { decisionHeaders, describeFailure, failureOf } from './refuse.ts';
import { StreamLife } from './stream-life.ts';
import { StreamReply } from './stream-reply.ts';

export async function returnStream(passage: Passage, route: Route, answer: UpstreamAnswer): Promise<void> {
  const { account, reply, config, snapshot, caller } = passage;
  const { model: requestedModel, replyTo } = account;
  const stream = new AnswerStream({ route, snapshot, requestedModel, replyTo }, config.limits);
  account.status = answer.status;
  const headers = { ...responseHeaders(answer.headers), ...decisionHeaders(passage) };
  const body = writeHead(reply, answer.status, headers);
  flushHead(reply);
  const { keepAliveMs: silenceMs, callerIdleTimeoutMs: patienceMs, streamTimeoutMs } = config.limits;
  const { streams, room } = passage;
  const life = new StreamLife({ source: answer.body, streams, streamTimeoutMs, caller });
  const out = new StreamReply(body, {
    silenceMs,
    patienceMs,
    signOfLife: () => stream.signOfLife,
    signal: life.signal,
    onUntaken: () => life.end(new PosternError('POSTERN_E_CALLER_TIMEOUT')),
  });
  room.next();
  try {
    await pump(passage, answer, { stream, out });
  } catch (thrown) {
    const error = life.reasonOf(thrown);
    // Clients that know errors of their dialect are told by one; for all others the connection is cut all the same.
    const told = { ...describeFailure(failureOf(error)), requestId: account.id, replyTo: account.replyTo };
    const lastWords = stream.fail(told);
    // At once: who was cut for want of room is not to hold it while the caller takes its time with the last words.
    room.release();
    if (!caller.hasGone) await out.writeLast(lastWords);
    throw error;
  } finally {
    out.close();
    life.close();
  }
}

interface Ends {
  readonly stream: AnswerStream;
  readonly out: StreamReply;
}

async function pump(passage: Passage, { body }: UpstreamAnswer, { stream, out }: Ends): Promise<void> {
  const { account } = passage;
  for (let chunk = await body.read(); chunk !== null; chunk = await body.read()) {
    const passed = stream.push(chunk);
    if (!passage.room.cover(stream.weight)) throw new PosternError('POSTERN_E_OVERLOADED');
    if (passed.cutBy !== null) return end(passage, { stream, out }, passed);
    if (passed.bytes.length > 0) account.noteChunk();
    await out.write(passed.bytes);
  }
  end(passage, { stream, out }, stream.end());
}

/** Noted before the last bytes go: an answer that cannot be accounted for does not end well. */
function end(passage: Passage, { stream, out }: Ends, { bytes, cutBy }: Passed): void {
  const { account } = passage;
  note(passage, stream);
  if (cutBy !== null) account.settle('cut');
  else if (bytes.length > 0) account.noteChunk();
  out.end(bytes);
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
