// A streaming answer: each event is held until its every byte was judged; a refusal ends the stream in its own dialect.
import { once } from 'node:events';
import { PosternError, type Decision, type Route } from '../exchange/index.ts';
import { factsOfAnswer } from '../gate/decide/index.ts';
import {
  codecOf,
  describeFault,
  type DecodeFault,
  type StreamDecoder,
  type StreamEvent,
  type StreamTail,
} from '../gate/decode/index.ts';
import type { Result } from '../lib/result.ts';
import {
  StreamGate,
  writeEvent,
  type GateStep,
  type Judgement,
  type StreamFacts,
} from '../gate/enforce/index.ts';
import { responseHeaders, type UpstreamAnswer } from '../gate/forward/index.ts';
import { codesOf, judge } from './judge.ts';
import { noteDecision } from './note.ts';
import type { Passage } from './passage.ts';
import { decisionHeaders, messageOf } from './refuse.ts';

/** Longest silence towards the caller while text is held; load balancers and SDKs give up on longer ones. */
const KEEP_ALIVE_MS = 10_000;

export async function returnStream(passage: Passage, route: Route, answer: UpstreamAnswer): Promise<void> {
  const { account, reply, config, snapshot } = passage;
  const codec = codecOf(route.operation);
  const decoder = codec.openStream();
  const tail = codec.encode.openTail();
  const gate = new StreamGate({
    inspector: snapshot.inspector,
    holdAll: snapshot.readsText,
    heldBytes: config.limits.heldBytes,
    textUnits: config.limits.bodyBytes,
    judge: (facts) => judgeStream(facts, passage, route),
  });
  account.status = answer.status;
  reply.writeHead(answer.status, { ...responseHeaders(answer.headers), ...decisionHeaders(passage) });
  reply.flushHeaders();
  const keepAlive = setInterval(() => reply.write(codec.encode.keepAlive()), KEEP_ALIVE_MS);
  try {
    await pump({ passage, answer, gate, tail, decoder });
  } finally {
    clearInterval(keepAlive);
    answer.body.destroy();
  }
}

interface Pump {
  readonly passage: Passage;
  readonly answer: UpstreamAnswer;
  readonly gate: StreamGate;
  readonly tail: StreamTail;
  readonly decoder: StreamDecoder;
}

async function pump(line: Pump): Promise<void> {
  const { answer, gate, decoder } = line;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    if (await follow(line, gate.push(understood(decoder.push(chunk))))) return;
  }
  if (await follow(line, gate.push(understood(decoder.end())))) return;
  const last = gate.end();
  note(line.passage, gate);
  if (await follow(line, last)) return;
  line.passage.reply.end();
}

/** Does what the gate said; tells whether the stream is over. */
async function follow(line: Pump, step: GateStep): Promise<boolean> {
  if (step.kind === 'release') await release(line, step.events);
  else refuse(line, step.decision);
  return step.kind === 'refuse';
}

/** @throws PosternError POSTERN_E_UPSTREAM_RESPONSE */
function understood(decoded: Result<readonly StreamEvent[], DecodeFault>): readonly StreamEvent[] {
  if (decoded.ok) return decoded.value;
  throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', describeFault(decoded.error));
}

async function release({ passage, tail }: Pump, events: readonly StreamEvent[]): Promise<void> {
  if (events.length === 0) return;
  passage.account.noteChunk();
  for (const event of events) tail.released(event);
  const isRoom = passage.reply.write(Buffer.concat(events.map(writeEvent)));
  if (!isRoom) await once(passage.reply, 'drain', { signal: passage.signal });
}

function refuse({ passage, tail, gate }: Pump, decision: Decision): void {
  passage.account.settle('cut');
  note(passage, gate);
  passage.reply.end(tail.refuse(messageOf(decision), gate.facts.usage));
}

function judgeStream(facts: StreamFacts, { snapshot, account }: Passage, route: Route): Judgement {
  const { findings, partial } = facts;
  const setting = { route, findings, partial, stream: true, requestedModel: account.model };
  return judge(factsOfAnswer(facts, setting), snapshot);
}

/** @throws PosternError when a required audit line cannot be written; the stream is then cut before its end. */
function note(passage: Passage, { facts, judgement, edited }: StreamGate): void {
  const { account } = passage;
  account.responseModel = facts.model;
  account.usage = facts.usage;
  account.finishReasons = facts.finishReasons;
  account.edited ||= edited;
  if (judgement === null || account.response !== null) return;
  const { decision, findings } = judgement;
  noteDecision(passage, 'response', { decision, findings: codesOf(findings), coverage: facts.coverage });
}
