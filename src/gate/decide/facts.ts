// A decoded message with what was found in it in, the facts that policies are asked about out.
import type {
  Coverage,
  Finding,
  Limits,
  Part,
  Phase,
  Reference,
  RequestMessage,
  ResponseMessage,
  Route,
  Tool,
  Usage,
} from '../../exchange/index.ts';

export interface Facts {
  readonly phase: Phase;
  /** True while a stream is still arriving. */
  readonly partial: boolean;
  readonly route: Route;
  readonly model: string;
  readonly stream: boolean;
  readonly parts: readonly Part[];
  readonly tools: readonly Tool[];
  readonly references: readonly Reference[];
  readonly limits: Limits;
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly usage: Usage;
  readonly finishReasons: readonly string[];
}

export interface Setting {
  readonly route: Route;
  readonly findings: readonly Finding[];
}

export const factsOfRequest = (message: RequestMessage, setting: Setting): Facts => ({
  ...message,
  ...setting,
  phase: 'request',
  partial: false,
  usage: {},
  finishReasons: [],
});

export interface AnswerSetting extends Setting {
  readonly stream: boolean;
  readonly partial: boolean;
  /** For answers that do not name one. */
  readonly requestedModel: string;
}

export const factsOfAnswer = (
  { model, parts, tools = [], coverage, usage, finishReasons }: ResponseMessage,
  { requestedModel, ...setting }: AnswerSetting,
): Facts => ({
  ...setting,
  phase: 'response',
  model: model || requestedModel,
  parts,
  tools,
  references: [],
  limits: {},
  coverage,
  usage,
  finishReasons,
});
