// The bytes of a streaming answer in, in any split; those that may pass, and the end that a policy gives it, out.
import { PosternError, type Decision } from '../exchange/index.ts';
import { factsOfAnswer, readsText } from '../gate/decide/index.ts';
import {
  codecOf,
  describeFault,
  framingOf,
  type DecodeFault,
  type Encoder,
  type ErrorRefusal,
  type Frame,
  type FrameWriter,
  type Framing,
  type StreamDecoder,
  type StreamEvent,
  type StreamTail,
} from '../gate/decode/index.ts';
import { StreamGate, type GateStep, type Judgement, type StreamFacts } from '../gate/enforce/index.ts';
import type { Result } from '../lib/result.ts';
import { judge, type AnswerSetting } from './judge.ts';
import { messageOf } from './message-of.ts';

/** `replyTo`: what the answer names its request by. */
type StreamSetting = AnswerSetting & { readonly replyTo?: string | undefined };

interface StreamLimits {
  readonly heldBytes: number;
  readonly bodyBytes: number;
}

export interface Passed {
  readonly bytes: Buffer;
  /** The refusal that ends the stream here: its last words are among the bytes. */
  readonly cutBy: Decision | null;
}

const TOO_LATE = 'The answer ends here: a part of what has to be masked had been sent, or was signed.';

/** After a cut nothing more is to be pushed. Every method throws PosternError for what cannot be judged. */
export class AnswerStream {
  readonly #encode: Encoder;
  readonly #framing: Framing;
  readonly #decoder: StreamDecoder;
  readonly #tail: StreamTail;
  readonly #writer: FrameWriter;
  readonly #gate: StreamGate;
  #hasBegun = false;

  constructor({ replyTo, ...setting }: StreamSetting, { heldBytes, bodyBytes }: StreamLimits) {
    const { operation } = setting.route;
    const [codec, framing] = [codecOf(operation), framingOf(operation)];
    this.#encode = codec.encode;
    this.#framing = framing;
    this.#decoder = codec.openStream(framing);
    this.#writer = framing.openWriter();
    this.#tail = codec.encode.openTail(replyTo);
    this.#gate = new StreamGate({
      inspector: setting.snapshot.inspector,
      holdAll: readsText(setting.snapshot.reads, 'response'),
      heldBytes,
      textUnits: bodyBytes,
      judge: (facts) => judgeStream(facts, setting),
    });
  }

  /** Null until something was judged; of the whole answer once it has ended. */
  get judgement(): Judgement | null {
    return this.#gate.judgement;
  }

  get facts(): StreamFacts {
    return this.#gate.facts;
  }

  /** Bytes in memory. */
  get weight(): number {
    return this.#gate.weight;
  }

  get edited(): boolean {
    return this.#gate.edited;
  }

  /** Bytes between two frames that tell a caller only that the answer goes on. */
  get signOfLife(): Buffer {
    const { ping } = this.#encode;
    return ping === undefined || !this.#hasBegun ? this.#framing.keepAlive : this.#write([ping]);
  }

  /** The last bytes of an answer that cannot be judged further; it is not to look whole, so what closes it is missing. */
  fail(failure: ErrorRefusal): Buffer {
    this.#gate.drop();
    const { body } = this.#encode.error(failure);
    return this.#write([{ name: this.#encode.errorName ?? '', data: body }]);
  }

  push(chunk: Buffer): Passed {
    return this.#pass(this.#gate.push(understood(this.#decoder.push(chunk))));
  }

  /** The upstream has said all it had to say. */
  end(): Passed {
    const rest = this.#pass(this.#gate.push(understood(this.#decoder.end())));
    if (rest.cutBy !== null) return rest;
    const last = this.#pass(this.#gate.end());
    const close = last.cutBy === null ? [this.#writer.end()] : [];
    return { ...last, bytes: Buffer.concat([rest.bytes, last.bytes, ...close]) };
  }

  #pass(step: GateStep): Passed {
    if (step.kind === 'refuse') {
      const message = step.isLate ? TOO_LATE : messageOf(step.decision);
      const frames = this.#tail.refuse(message, this.#gate.facts.usage);
      return { bytes: Buffer.concat([this.#write(frames), this.#writer.end()]), cutBy: step.decision };
    }
    for (const event of step.events) this.#tail.released(event);
    this.#hasBegun ||= step.events.length > 0;
    return { bytes: this.#write(step.events), cutBy: null };
  }

  #write(frames: readonly Frame[]): Buffer {
    return Buffer.concat(frames.map((frame) => this.#writer.write(frame)));
  }
}

/** @throws PosternError POSTERN_E_UPSTREAM_RESPONSE */
function understood(decoded: Result<readonly StreamEvent[], DecodeFault>): readonly StreamEvent[] {
  if (decoded.ok) return decoded.value;
  throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', describeFault(decoded.error));
}

function judgeStream(facts: StreamFacts, { snapshot, ...setting }: AnswerSetting): Judgement {
  const { findings, partial } = facts;
  return judge(factsOfAnswer(facts, { ...setting, findings, partial, stream: true }), snapshot);
}
