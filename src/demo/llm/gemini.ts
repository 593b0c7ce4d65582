// A call of Gemini's generateContent or countTokens in; the reply as Google gives it, whole or as a stream of chunks, out.
import type { OutgoingHttpHeaders } from 'node:http';
import { promptText, readContents, type GenerateRequest } from './gemini-request.ts';
import { answer, type Answer } from './model.ts';
import { countTokens, createId, parseBody, splitText, type Call, type Reply } from './reply.ts';

export function answerGenerate(call: Call): Reply {
  const asked = readCall(call);
  if (asked.kind === 'refused') return asked.reply;
  return json(200, { ...chunkOf(asked, partsOf(asked), 'STOP'), usageMetadata: usageOf(asked) });
}

export function answerStream(call: Call): Reply {
  const asked = readCall(call);
  if (asked.kind === 'refused') return asked.reply;
  return {
    kind: 'stream',
    headers: { ...HEADERS, 'content-type': 'text/event-stream' },
    frames: framesOf(asked, call.chunkCharacters),
  };
}

export function answerCount(call: Call): Reply {
  const asked = readCall(call);
  if (asked.kind === 'refused') return asked.reply;
  const totalTokens = countTokens(promptText(asked.request));
  return json(200, {
    totalTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }],
  });
}

const HEADERS: OutgoingHttpHeaders = { 'x-content-type-options': 'nosniff', server: 'weak-models' };

const json = (status: number, body: object): Reply => ({ kind: 'json', status, headers: HEADERS, body });

interface Asked {
  readonly kind: 'asked';
  readonly call: Call;
  readonly request: GenerateRequest;
  readonly said: Answer;
}

function readCall(call: Call): Asked | { readonly kind: 'refused'; readonly reply: Reply } {
  const { headers, body, serial } = call;
  const refuse = (status: number, name: string, message: string) =>
    ({
      kind: 'refused',
      reply: json(status, { error: { code: status, message, status: name } }),
    }) as const;
  if (headers['x-goog-api-key'] === undefined && headers.authorization === undefined)
    return refuse(403, 'PERMISSION_DENIED', 'Method doesn’t allow unregistered callers.');
  const request = parseBody(body) as Partial<GenerateRequest> | null | undefined;
  if (!Array.isArray(request?.contents)) return refuse(400, 'INVALID_ARGUMENT', 'contents is not specified');
  const understood = request as GenerateRequest;
  return { kind: 'asked', call, request: understood, said: answer(readContents(understood, serial)) };
}

const partsOf = (asked: Asked): object[] => [
  ...(asked.said.text === '' ? [] : [{ text: asked.said.text }]),
  ...callsOf(asked),
];

const callsOf = ({ call, said }: Asked): object[] =>
  said.calls.map(({ name, arguments: args }, index) => ({
    functionCall: { id: createId('', call.serial * 100 + index), name, args },
  }));

const chunkOf = ({ call }: Asked, parts: readonly object[], finishReason?: string): object => ({
  candidates: [
    { content: { parts, role: 'model' }, ...(finishReason === undefined ? {} : { finishReason }), index: 0 },
  ],
  modelVersion: call.model,
  responseId: createId('', call.serial),
});

function usageOf({ request, said }: Asked): object {
  const prompt = countTokens(promptText(request));
  const candidates = countTokens(said.text + said.calls.map(({ name }) => name).join(''));
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: candidates,
    totalTokenCount: prompt + candidates,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
  };
}

/** Text comes piecemeal, calls come whole, and every chunk has the usage so far. */
function framesOf(asked: Asked, size: number): string[] {
  const pieces = splitText(asked.said.text, size).map((text) => ({ text }));
  const usageMetadata = usageOf(asked);
  const frame = (chunk: object): string => `data: ${JSON.stringify({ ...chunk, usageMetadata })}\r\n\r\n`;
  return [
    ...[...pieces, ...callsOf(asked)].map((part) => frame(chunkOf(asked, [part]))),
    frame(chunkOf(asked, [{ text: '' }], 'STOP')),
  ];
}
