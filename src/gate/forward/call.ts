// A request for a pool of connections in; its answer, once the head of it is there, out.
import { errors, type Dispatcher } from './undici.ts';
import { PosternError } from '../../exchange/index.ts';
import type { Presence } from '../../lib/presence.ts';
import { AnswerBody } from './answer-body.ts';
import type { HeaderFields } from './headers.ts';

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: AnswerBody;
}

/** Answers before the answer (1xx) are swallowed; each would begin the wait for it anew, so they are few. */
const MAX_HINTS = 16;

/** @throws whatever the connection fails with, also when it is ended because the caller has gone. */
export function call(
  pool: Dispatcher,
  request: Dispatcher.DispatchOptions,
  caller: Presence,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    pool.dispatch(request, new Call(caller, { resolve, reject }));
  });
}

type Controller = Dispatcher.DispatchController;

interface Told {
  resolve(answer: UpstreamAnswer): void;
  reject(error: Error): void;
}

/** Nothing but what is asked of it: this is what the pool calls as the answer comes. */
class Call implements Dispatcher.DispatchHandler {
  readonly #caller: Presence;
  readonly #told: Told;
  readonly #leave = (): void => this.#controller?.abort(new errors.RequestAbortedError());
  #controller: Controller | null = null;
  #body: AnswerBody | null = null;
  #hints = 0;

  constructor(caller: Presence, told: Told) {
    this.#caller = caller;
    this.#told = told;
    caller.tell(this.#leave);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#caller.hasGone) this.#leave();
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
    this.#caller.forget(this.#leave);
  }
}
