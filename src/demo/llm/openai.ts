// A call of OpenAI's chat completions in; the reply as OpenAI gives it, whole or as a stream of chunks, out.
import { answer, type Answer } from './model.ts';
import { faultOf, headersOf, requestOf } from './openai-call.ts';
import { promptText, readChat, type ChatRequest } from './openai-request.ts';
import { countTokens, createId, splitText, type Call, type Reply } from './reply.ts';

const MAX_CHOICES = 8;

export function answerChat(call: Call): Reply {
  const fault = faultOf(call, ['model', 'messages']);
  if (fault !== null) return fault;
  const request = requestOf(call) as ChatRequest;
  const said = answer(readChat(request, call.serial));
  const completion: Completion = { call, request, said, usage: usageOf(request, said) };
  return request.stream === true
    ? {
        kind: 'stream',
        headers: { ...headersOf(call), 'content-type': 'text/event-stream; charset=utf-8' },
        frames: framesOf(completion),
      }
    : { kind: 'json', status: 200, headers: headersOf(call), body: completionOf(completion) };
}

interface Completion {
  readonly call: Call;
  readonly request: ChatRequest;
  readonly said: Answer;
  readonly usage: object;
}

const countChoices = ({ n = 1 }: ChatRequest): number => Math.min(n, MAX_CHOICES);

const indexesOf = (request: ChatRequest): number[] =>
  Array.from({ length: countChoices(request) }, (_, index) => index);

const finishOf = ({ calls }: Answer): string => (calls.length > 0 ? 'tool_calls' : 'stop');

const argumentsOf = ({ calls }: Answer): string[] => calls.map((call) => JSON.stringify(call.arguments));

const callId = ({ call }: Completion, index: number): string => createId('call_', call.serial * 100 + index);

const completionOf = (completion: Completion): object => ({
  ...identityOf(completion, 'chat.completion'),
  choices: indexesOf(completion.request).map((index) => ({
    index,
    message: { role: 'assistant', ...spokenOf(completion), ...unsaidIn(completion.request) },
    logprobs: null,
    finish_reason: finishOf(completion.said),
  })),
  usage: completion.usage,
});

const identityOf = ({ call, request }: Completion, object: string): object => ({
  id: createId('chatcmpl-', call.serial),
  object,
  created: Math.floor(Date.now() / 1000),
  model: request.model,
  service_tier: 'default',
  system_fingerprint: 'fp_weak1',
});

function spokenOf(completion: Completion): object {
  const { said } = completion;
  if (said.calls.length === 0) return { content: said.text };
  return { content: said.text === '' ? null : said.text, tool_calls: callsOf(completion) };
}

const callsOf = (completion: Completion): object[] =>
  completion.said.calls.map(({ name }, index) => ({
    id: callId(completion, index),
    type: 'function',
    function: { name, arguments: argumentsOf(completion.said)[index] },
  }));

function usageOf(request: ChatRequest, said: Answer): object {
  const prompt = countTokens(promptText(request));
  const completion = countTokens(said.text + argumentsOf(said).join('')) * countChoices(request);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** Choices take turns, as they do on the wire. */
function framesOf(completion: Completion): string[] {
  const { request, said, usage } = completion;
  const wantsUsage = request.stream_options?.include_usage === true;
  const render = (choices: readonly object[], more: object): string =>
    `data: ${JSON.stringify({ ...identityOf(completion, 'chat.completion.chunk'), choices, ...more })}\n\n`;
  const more = wantsUsage ? { usage: null } : {};
  const steps = [
    ...deltasOf(completion).map((delta) => ({ delta, logprobs: null, finish_reason: null })),
    { delta: {}, logprobs: null, finish_reason: finishOf(said) },
  ];
  const frames = steps.flatMap((step) =>
    indexesOf(request).map((index) => render([{ index, ...step }], { ...more, ...paddingOf(request, step) })),
  );
  const last = wantsUsage ? [render([], { usage, ...paddingOf(request, usage) })] : [];
  return [...frames, ...last, 'data: [DONE]\n\n'];
}

/** Models of Mistral's answer as Mistral does: calls come whole, and there are neither refusals nor padding. */
const isMistral = ({ model }: ChatRequest): boolean => model.startsWith('mistral');

const unrefusedIn = (request: ChatRequest): object => (isMistral(request) ? {} : { refusal: null });

const unsaidIn = (request: ChatRequest): object =>
  isMistral(request) ? {} : { refusal: null, annotations: [] };

/** OpenAI pads chunks to hide their lengths, unless told not to. */
const paddingOf = (request: ChatRequest, step: object): object =>
  request.stream_options?.include_obfuscation === false || isMistral(request)
    ? {}
    : { obfuscation: 'x'.repeat(16 - (JSON.stringify(step).length % 16)) };

function deltasOf(completion: Completion): object[] {
  const { call, request, said } = completion;
  const start = said.text === '' && said.calls.length > 0 ? null : '';
  const text = splitText(said.text, call.chunkCharacters).map((content) => ({ content }));
  const whole = callsOf(completion).map((tool, index) => toolDelta(index, tool));
  const pieces = said.calls.flatMap(({ name }, index) => [
    toolDelta(index, { id: callId(completion, index), type: 'function', function: { name, arguments: '' } }),
    ...splitText(argumentsOf(said)[index] ?? '', call.chunkCharacters).map((piece) =>
      toolDelta(index, { function: { arguments: piece } }),
    ),
  ]);
  const tools = isMistral(request) ? whole : pieces;
  return [{ role: 'assistant', content: start, ...unrefusedIn(request) }, ...text, ...tools];
}

const toolDelta = (index: number, tool: object): object => ({ tool_calls: [{ index, ...tool }] });
