// The state of one streaming answer: what was said where, what is still open, and events made of what readers found.
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault, Delta, StreamDecoder, StreamEvent } from '../codec.ts';
import type { Frame, Framing } from '../framing/index.ts';
import type { Collector, StreamMemory } from './collector.ts';
import { OpenCalls } from './open-calls.ts';
import { ToldTexts, type Saying } from './told.ts';

export type Interpret = (event: Frame, lanes: Lanes) => Result<StreamEvent, DecodeFault>;

export function openDecoder(framing: Framing, interpret: Interpret): StreamDecoder {
  const frames = framing.openReader();
  const lanes = new Lanes();
  return {
    push: (chunk) => {
      const framed = frames.push(chunk);
      return framed.ok ? interpretAll(framed.value, interpret, lanes) : framed;
    },
    end: () => {
      const ended = frames.end();
      const last = ended.ok ? interpretAll(ended.value, interpret, lanes) : ended;
      // The arguments of a call that did not end were never read as a whole.
      return last.ok && !lanes.memory.calls.isEmpty ? err({ code: 'stream.truncated' }) : last;
    },
  };
}

function interpretAll(
  frames: readonly Frame[],
  interpret: Interpret,
  lanes: Lanes,
): Result<StreamEvent[], DecodeFault> {
  const events: StreamEvent[] = [];
  for (const frame of frames) {
    const event = interpret(frame, lanes);
    if (!event.ok) return event;
    events.push(event.value);
  }
  return ok(events);
}

/** What an event is, beyond what readers found in it. */
export type EventFacts = Pick<StreamEvent, 'usage' | 'finishReasons' | 'model' | 'signs'> & {
  readonly isTerminal: boolean;
  /** Beginnings of the lanes that this event ends. */
  readonly closing: readonly string[];
  /** Only of dialects whose events repeat what others said. */
  readonly saying?: Saying;
};

export class Lanes {
  readonly memory: StreamMemory = { calls: new OpenCalls() };
  readonly #open = new Set<string>();
  readonly #told = new ToldTexts();

  /** The event as the gate takes it; calls that end with it are whole now. */
  conclude(
    { name, data }: Frame,
    out: Collector,
    { isTerminal, closing, saying, ...facts }: EventFacts,
  ): Result<StreamEvent, DecodeFault> {
    const { calls } = this.memory;
    const told = saying === undefined ? out.parts : out.parts.map((part) => this.#told.place(part, saying));
    const fault = calls.fault ?? out.fault ?? this.#told.fault;
    if (fault !== null) return err(fault);
    const parts = [...told, ...closing.flatMap((prefix) => calls.close(prefix))];
    for (const { lane } of parts) this.#open.add(lane);
    const role = isTerminal ? 'terminal' : parts.some(isSpoken) ? 'content' : 'meta';
    const closes = closing.flatMap((prefix) => this.#close(prefix));
    return ok({ name, data, deltas: parts, role, closes, ...listed(out), coverage: out.coverage, ...facts });
  }

  #close(prefix: string): string[] {
    const closed = [...this.#open].filter((lane) => lane.startsWith(prefix));
    for (const lane of closed) this.#open.delete(lane);
    return closed;
  }
}

const listed = ({ tools }: Collector): Pick<StreamEvent, 'tools'> => (tools.length === 0 ? {} : { tools });

const isSpoken = ({ lane }: Delta): boolean => lane !== 'metadata' && lane !== 'unknown_name';
