// A call of OpenAI's completions of prompts in; the reply as OpenAI gives it, whole or as a stream of chunks, out.
import { answer } from './model.ts';
import { faultOf, headersOf, requestOf } from './openai-call.ts';
import { countTokens, createId, splitText, type Call, type Reply } from './reply.ts';

interface CompletionRequest {
  readonly model: string;
  readonly prompt?: string | readonly string[];
  readonly n?: number;
  readonly echo?: boolean;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
}

export function answerCompletions(call: Call): Reply {
  const fault = faultOf(call, ['model']);
  if (fault !== null) return fault;
  const request = requestOf(call) as CompletionRequest;
  const completion = { call, request, texts: textsOf(request, call) };
  return request.stream === true
    ? {
        kind: 'stream',
        headers: { ...headersOf(call), 'content-type': 'text/event-stream; charset=utf-8' },
        frames: framesOf(completion),
      }
    : { kind: 'json', status: 200, headers: headersOf(call), body: wholeOf(completion) };
}

interface Completion {
  readonly call: Call;
  readonly request: CompletionRequest;
  /** One a choice: every prompt has as many as were asked for. */
  readonly texts: readonly string[];
}

const promptsOf = ({ prompt = '' }: CompletionRequest): readonly string[] =>
  typeof prompt === 'string' ? [prompt] : prompt;

function textsOf(request: CompletionRequest, { serial }: Call): readonly string[] {
  const { n = 1, echo = false } = request;
  return promptsOf(request).flatMap((latest) => {
    const { text } = answer({ system: '', latest, isToolResult: false, tools: [], received: serial });
    return Array.from({ length: n }, () => (echo ? latest + text : text));
  });
}

const completionOf = (
  { call, request }: Completion,
  choices: readonly object[],
  more: object = {},
): object => ({
  id: createId('cmpl-', call.serial),
  object: 'text_completion',
  created: Math.floor(Date.now() / 1000),
  model: request.model,
  choices,
  ...more,
});

const choiceOf = (text: string, index: number, finish: 'stop' | null): object => ({
  text,
  index,
  logprobs: null,
  finish_reason: finish,
});

const wholeOf = (completion: Completion): object =>
  completionOf(
    completion,
    completion.texts.map((text, index) => choiceOf(text, index, 'stop')),
    { usage: usageOf(completion) },
  );

function usageOf({ request, texts }: Completion): object {
  const prompt = countTokens(promptsOf(request).join(''));
  const completion = countTokens(texts.join(''));
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function framesOf(completion: Completion): string[] {
  const { call, request, texts } = completion;
  const pieces = texts.flatMap((text, index) => [
    ...splitText(text, call.chunkCharacters).map((piece) => choiceOf(piece, index, null)),
    choiceOf('', index, 'stop'),
  ]);
  const wantsUsage = request.stream_options?.include_usage === true;
  const chunks = [
    ...pieces.map((piece) => completionOf(completion, [piece])),
    ...(wantsUsage ? [completionOf(completion, [], { usage: usageOf(completion) })] : []),
  ];
  return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'];
}
