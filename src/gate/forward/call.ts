// A request for a pool of connections in; its answer, once the head of it is there, out.
import type { Dispatcher } from './undici.ts';
import { PosternError } from '../../exchange/index.ts';
import { AnswerBody } from './answer-body.ts';
import type { HeaderFields } from './headers.ts';

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: AnswerBody;
}

/** Answers before the answer (1xx) are swallowed; each would begin the wait for it anew, so they are few. */
const MAX_HINTS = 16;

/** @throws whatever the connection fails with; the signal's reason when aborted. */
export function call(
  pool: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    pool.dispatch(request, new Call(signal, { resolve, reject }));
  });
}

type Controller = Dispatcher.DispatchController;

interface Told {
  resolve(answer: UpstreamAnswer): void;
  reject(error: Error): void;
}

/** Nothing but what is asked of it: this is what the pool calls as the answer comes. */
class Call implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal;
  readonly #told: Told;
  readonly #leave = (): void => this.#controller?.abort(reasonOf(this.#signal));
  #controller: Controller | null = null;
  #body: AnswerBody | null = null;
  #hints = 0;

  constructor(signal: AbortSignal, told: Told) {
    this.#signal = signal;
    this.#told = told;
    signal.addEventListener('abort', this.#leave, { once: true });
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#signal.aborted) this.#leave();
  }

  onResponseStart(controller: Controller, status: number, headers: HeaderFields): void {
    if (status < 200) return this.#countHint();
    this.#body = new AnswerBody(controller);
    this.#told.resolve({ status, headers, body: this.#body });
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#forget();
    this.#body?.end();
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#forget();
    if (this.#body === null) this.#told.reject(error);
    else this.#body.fail(error);
  }

  #countHint(): void {
    this.#hints += 1;
    if (this.#hints > MAX_HINTS)
      throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', 'It only announces itself.');
  }

  #forget(): void {
    this.#signal.removeEventListener('abort', this.#leave);
  }
}

const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new Error('aborted');
