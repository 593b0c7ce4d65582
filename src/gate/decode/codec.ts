// What every dialect offers the rooms above: bodies and events in, messages in one vocabulary out, and refusals back.
import type {
  ByteSpan,
  Coverage,
  Edit,
  Part,
  RequestMessage,
  ResponseMessage,
  Route,
  Tool,
  Usage,
} from '../../exchange/index.ts';
import type { Result } from '../../lib/result.ts';
import type { DecodeFault } from './fault.ts';
import type { Frame, Framing } from './framing/index.ts';

export type { DecodeFault } from './fault.ts';

/** What the operation and its address say, so that the body need not. */
export interface Asked {
  readonly model?: string | undefined;
  readonly stream?: boolean | undefined;
  /** Between the fields of a form. */
  readonly boundary?: string | undefined;
}

export interface Codec {
  decodeRequest(body: Buffer, asked?: Asked): Result<RequestMessage, DecodeFault>;
  decodeResponse(body: Buffer): Result<ResponseMessage, DecodeFault>;
  /** Only where bodies hold whole requests of other operations: those are judged as themselves, beside what is around them. */
  readonly listRequests?: (body: Buffer, asked?: Asked) => Result<readonly Enclosed[], DecodeFault>;
  /** The same of answers. */
  readonly listAnswers?: (body: Buffer) => Result<readonly Enclosed[], DecodeFault>;
  /** Edits that make the addresses in an answer lead through the gate: SDKs go where an answer sends them. */
  readonly leadBack?: (body: Buffer) => Result<readonly Edit[], DecodeFault>;
  openStream(framing: Framing): StreamDecoder;
  /** Edits that put a system instruction in front of all others; none when it stands there already. */
  pinSystem(body: Buffer, text: string): Result<readonly Edit[], DecodeFault>;
  readonly encode: Encoder;
}

/** A body within a body, as batches have them, and whose it is. */
export type Enclosed = ByteSpan & Pick<Route, 'operation' | 'address'>;

/** Bytes of a streaming answer in, in any split; the events that are complete out. After a fault nothing more is to be pushed. */
export interface StreamDecoder {
  push(chunk: Buffer): Result<readonly StreamEvent[], DecodeFault>;
  /** Faults when the stream ended in the middle of an event. */
  end(): Result<readonly StreamEvent[], DecodeFault>;
}

export interface StreamEvent extends Frame {
  readonly deltas: readonly Delta[];
  /** `terminal` ends a choice or the answer, `meta` carries no text of the model. */
  readonly role: 'content' | 'meta' | 'terminal';
  /** Lanes that can get no more text after this event. */
  readonly closes: readonly string[];
  /** Lanes whose text the provider signed with this event, what came before it too: none of it can be edited. */
  readonly signs?: readonly string[];
  /** That it lists; some events list them again. */
  readonly tools?: readonly Tool[];
  /** Of the payload alone. */
  readonly coverage: Coverage;
  readonly usage?: Usage;
  readonly finishReasons?: readonly string[];
  readonly model?: string;
}

/**
 * What an event adds to a lane. The fragments of a tool call add nothing: its text and its `arguments` come whole,
 * with the event that closes its lane.
 */
export type Delta = Omit<Part, 'turn'> & {
  /** Where in its lane the text stands already, when it is said again: offset in UTF-16 units. */
  readonly again?: number;
};

/** Writes what a caller's SDK understands as an error, a refusal, or the end of a stream. */
export interface Encoder {
  readonly error: (refusal: ErrorRefusal) => {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer;
    /** Where the dialect has another than that of the refusal. */
    readonly status?: number;
  };
  /** A whole answer in which the model refuses; null in dialects whose answers have no words for that. */
  answer(refusal: AnswerRefusal): Buffer | null;
  openTail(replyTo?: string): StreamTail;
  /** What an event that tells of an error is called; without it such events have no name. */
  readonly errorName?: string;
  /** A sign of life that clients of this dialect know once an answer has begun; without it there is the framing's. */
  readonly ping?: Frame;
}

export interface ErrorRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
  readonly replyTo?: string | undefined;
}

export interface AnswerRefusal {
  readonly message: string;
  readonly model: string;
  readonly requestId: string;
  readonly usage: Usage;
  readonly replyTo?: string | undefined;
}

/** Knows what the caller has seen of a stream, so that it can be ended well-formed at any point. */
export interface StreamTail {
  released(event: StreamEvent): void;
  /** The last frames of a stream that a policy cut. */
  refuse(message: string, usage?: Usage): readonly Frame[];
}
