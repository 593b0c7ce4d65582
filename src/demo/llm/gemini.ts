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
    frames: chunksOf(asked, call.chunkCharacters).map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`),
  };
}

/** What Google streams to whoever does not ask for events: the items of one list, as they come. */
export function answerArray(call: Call): Reply {
  const asked = readCall(call);
  if (asked.kind === 'refused') return inList(asked.reply);
  const items = chunksOf(asked, call.chunkCharacters).map((chunk) => JSON.stringify(chunk, null, 2));
  return {
    kind: 'stream',
    headers: { ...HEADERS, 'content-type': 'application/json; charset=UTF-8' },
    frames: [...items.map((item, index) => `${index === 0 ? '[' : ',\r\n'}${item}\r\n`), ']'],
  };
}

const inList = (reply: Reply): Reply => (reply.kind === 'json' ? { ...reply, body: [reply.body] } : reply);

export function answerCount(call: Call): Reply {
  const asked = readCall(call);
  if (asked.kind === 'refused') return asked.reply;
  const totalTokens = countTokens(promptText(asked.request));
  return json(200, {
    totalTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }],
  });
}

/** A vector for each content, as short as they come. */
export function answerEmbed({ body }: Call): Reply {
  const { requests, ...one } = parseBody(body) as { requests?: readonly object[] };
  const embeddings = (requests ?? [one]).map(() => ({ values: [0.6, -0.8] }));
  return json(200, requests === undefined ? { embedding: embeddings[0] } : { embeddings });
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
function chunksOf(asked: Asked, size: number): object[] {
  const pieces = splitText(asked.said.text, size).map((text) => ({ text }));
  const usageMetadata = usageOf(asked);
  return [
    ...[...pieces, ...callsOf(asked)].map((part) => chunkOf(asked, [part])),
    chunkOf(asked, [{ text: '' }], 'STOP'),
  ].map((chunk) => ({ ...chunk, usageMetadata }));
}
