// Collects what happens to one exchange as it happens; gives the finished record. Plain stores, nothing on the hot path.
import { randomUUID } from 'node:crypto';
import type {
  ExchangeRecord,
  FailureCode,
  Grade,
  InterceptionMode,
  JudgedSide,
  Outcome,
  Route,
  Stage,
  StageName,
  Usage,
} from '../exchange/index.ts';

const { timeOrigin } = performance;

/** Milliseconds since the epoch, with the precision and steadiness of the monotonic clock. */
export const nowMs = (): number => timeOrigin + performance.now();

export class Account {
  readonly id = randomUUID();
  readonly startMs = nowMs();
  readonly mode: InterceptionMode;
  readonly grade: Grade;
  traceparent: string | null = null;
  route: Route | null = null;
  model = '';
  responseModel = '';
  stream = false;
  /** What the answer names the request by. */
  replyTo: string | undefined = undefined;
  request: JudgedSide | null = null;
  response: JudgedSide | null = null;
  usage: Usage = {};
  finishReasons: readonly string[] = [];
  edited = false;
  status = 0;
  upstreamStatus: number | null = null;
  failure: FailureCode | null = null;
  #outcome: Outcome | null = null;
  #firstChunkMs: number | null = null;
  readonly #stages: Stage[] = [];
  #stage: { readonly name: StageName; readonly startMs: number } = { name: 'request', startMs: this.startMs };

  constructor(mode: InterceptionMode, grade: Grade) {
    this.mode = mode;
    this.grade = grade;
  }

  /** Ends the stage under way and begins the next. */
  enter(name: StageName): void {
    const now = nowMs();
    this.#stages.push({ ...this.#stage, endMs: now });
    this.#stage = { name, startMs: now };
  }

  /** The first settled outcome stands: what a failure does afterwards does not change what happened. */
  settle(outcome: Outcome): void {
    this.#outcome ??= outcome;
  }

  noteChunk(): void {
    this.#firstChunkMs ??= nowMs() - this.startMs;
  }

  close(): ExchangeRecord {
    const endMs = nowMs();
    return {
      id: this.id,
      startMs: this.startMs,
      endMs,
      traceparent: this.traceparent,
      mode: this.mode,
      grade: this.route?.upstream.isBound === true ? 'bound' : this.grade,
      route: this.route,
      model: this.model,
      responseModel: this.responseModel,
      stream: this.stream,
      request: this.request,
      response: this.response,
      candidate: {},
      usage: this.usage,
      finishReasons: this.finishReasons,
      outcome: this.#outcome ?? (this.edited ? 'edited' : 'forwarded'),
      status: this.status,
      upstreamStatus: this.upstreamStatus,
      timeToFirstChunkMs: this.#firstChunkMs,
      failure: this.failure,
      stages: [...this.#stages, { ...this.#stage, endMs }],
    };
  }
}
