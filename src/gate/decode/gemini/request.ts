// The body of a generateContent request in; what it says, in the words of every dialect, out.
import type { Limits, Origin, RequestMessage } from '../../../exchange/index.ts';
import type { Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { findString, isNull, type JsonNode, type JsonObject } from '../json/index.ts';
import {
  count,
  known,
  map,
  note,
  oneOf,
  plain,
  reference,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { originOf, readRequest } from '../read/request.ts';
import type { TypedField } from '../read/typed.ts';
import { parts, refusePieces } from './parts.ts';
import { findCount, findField, proto, repeated, repeatedOf, word } from './proto.ts';
import { tool } from './tools.ts';

const TYPES: readonly TypedField[] = [
  { name: 'model', type: 'string' },
  { name: 'contents', type: 'items' },
  { name: 'store', type: 'boolean' },
];

/** How a body that names a model writes it out. */
export const MODEL_PREFIX = 'models/';

const ORIGINS: Readonly<Record<string, Origin>> = {
  user: 'user',
  model: 'assistant',
  function: 'tool',
  tool: 'tool',
};

const content = proto({
  role: oneOf('user', 'model', 'function', 'tool', 'system'),
  parts: parts(({ turn }, index) => `${turn}.${index}`),
});

/** The system instruction is the first turn where there is one; nobody asks for its role. */
const systemInstruction: Reader = (node, place, out) =>
  content(node, { ...place, turn: 0, role: 'system', origin: 'system' }, out);

/** Whoever does not say who speaks is the user. */
export const turnAt =
  (turn: number): Reader =>
  (node, place, out) => {
    const role = findString(node, 'role') || 'user';
    content(node, { ...place, turn, role, origin: originOf(role, ORIGINS) }, out);
  };

const turnsFrom =
  (first: number): Reader =>
  (node, place, out) => {
    for (const [position, item] of repeatedOf(node).entries()) turnAt(first + position)(item, place, out);
  };

const MODALITIES = ['TEXT', 'IMAGE', 'AUDIO', 'VIDEO'] as const;

const generationConfig = proto({
  maxOutputTokens: count,
  candidateCount: count,
  stopSequences: repeated(note),
  temperature: plain,
  topP: plain,
  topK: plain,
  seed: plain,
  presencePenalty: plain,
  frequencyPenalty: plain,
  logprobs: plain,
  responseLogprobs: plain,
  responseMimeType: oneOf('application/json', 'text/plain', 'text/x.enum'),
  responseModalities: repeated(oneOf(...MODALITIES)),
  responseSchema: note,
  responseJsonSchema: note,
  responseFormat: note,
  _responseJsonSchema: note,
  thinkingConfig: proto({ includeThoughts: plain, thinkingBudget: plain, thinkingLevel: word('') }),
  mediaResolution: word('MEDIA_RESOLUTION_'),
  speechConfig: note,
  imageConfig: note,
  audioTimestamp: plain,
  audioTranscriptionConfig: note,
  routingConfig: note,
  modelSelectionConfig: note,
  enableEnhancedCivicAnswers: plain,
});

const safetySetting = proto({ category: word('HARM_CATEGORY_'), threshold: word(''), method: word('') });

const toolConfig = proto({
  functionCallingConfig: proto({
    mode: word(''),
    allowedFunctionNames: repeated(note),
    streamFunctionCallArguments: refusePieces,
  }),
  retrievalConfig: proto({ languageCode: note, latLng: proto({ latitude: plain, longitude: plain }) }),
  includeServerSideToolInvocations: plain,
});

/** Kept by the provider: what is said now can be read back later. */
const store: Reader = (node, place, out) => {
  if (node.kind === 'literal' && node.value === true) out.addReference('store', 'true', place.origin);
};

const FIELDS: Fields = {
  model: note,
  systemInstruction: known,
  tools: repeated(tool),
  toolConfig,
  generationConfig,
  safetySettings: repeated(safetySetting),
  cachedContent: reference('cached_content'),
  labels: map(note),
  modelArmorConfig: note,
  serviceTier: note,
  store,
};

const withSystem = proto({ ...FIELDS, systemInstruction, contents: turnsFrom(1) });
const withoutSystem = proto({ ...FIELDS, contents: turnsFrom(0) });

export const generation: Reader = (node, place, out) =>
  (hasSystem(node) ? withSystem : withoutSystem)(node, place, out);

function hasSystem(request: JsonNode): boolean {
  const value = findField(request, 'systemInstruction');
  return value !== undefined && !isNull(value);
}

type DecodeRequest = (body: Buffer, asked?: Asked) => Result<RequestMessage, DecodeFault>;

/** `readerFor` knows the model that the path names. */
export const requestsOf =
  (readerFor: (request: JsonObject, model: string | undefined) => Reader): DecodeRequest =>
  (body, asked = {}) =>
    readRequest(
      body,
      {
        types: TYPES,
        readerFor: (request) => readerFor(request, asked.model),
        limitsOf,
        modelPrefix: MODEL_PREFIX,
      },
      asked,
    );

export const decodeRequest = requestsOf(() => generation);

function limitsOf(request: JsonObject): Limits {
  const config = findField(request, 'generationConfig');
  const most = findCount(config, 'maxOutputTokens');
  const n = findCount(config, 'candidateCount');
  return {
    ...(most === undefined ? {} : { max_output_tokens: most }),
    ...(n === undefined ? {} : { n }),
  };
}
