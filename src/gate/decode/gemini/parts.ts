// The parts of which contents are made, asked and answered alike.
import { findValue, isNull, type JsonNode } from '../json/index.ts';
import { base64, mediaType } from '../read/media.ts';
import { named, type Place } from '../read/place.ts';
import { known, note, opaque, plain, reference, text, unlessNull, type Reader } from '../read/readers.ts';
import { callArguments } from '../read/tools.ts';
import { findField, findText, proto, repeated, repeatedOf, token, word } from './proto.ts';

/** What a part is: exactly one of these. */
const PAYLOADS = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
] as const;

const payloadsOf = (part: JsonNode): readonly string[] =>
  PAYLOADS.filter((name) => findField(part, name) !== undefined);

const HOSTED_CODE = 'code_execution';

const mediaOf = (source: JsonNode): string => findText(source, 'mimeType') ?? 'application/octet-stream';

const inlineData = base64({ mimeType: mediaType, displayName: note }, mediaOf, proto);

const fileOf = (kind: string): Reader =>
  proto({ mimeType: mediaType, fileUri: reference(kind), displayName: note });

const [image, file] = [fileOf('image_url'), fileOf('file')];

const fileData: Reader = (node, place, out) =>
  (mediaOf(node).startsWith('image/') ? image : file)(node, place, out);

const mediaPart = proto({ inlineData, fileData, mediaProcessing: note });

/** Arguments that come in pieces are none that could be judged as a whole. */
export const refusePieces: Reader = unlessNull((node, _place, out) => {
  const isEnd = node.kind === 'literal' && node.value === false;
  if (!isEnd) out.refuse('part.call_pieces', node);
});

const callFields = proto({
  id: token,
  name: note,
  args: known,
  partialArgs: refusePieces,
  willContinue: refusePieces,
});

const functionCall: Reader = (node, place, out) => {
  callFields(node, place, out);
  callArguments(findField(node, 'args'), named(place, findText(node, 'name')), out);
};

const serverCallFields = proto({ id: token, toolType: word(''), args: known });

/** A call by the model of a tool of the provider. */
const toolCall: Reader = (node, place, out) => {
  serverCallFields(node, place, out);
  callArguments(findField(node, 'args'), named(place, findText(node, 'toolType')), out);
};

const codeFields = proto({ id: token, language: known, code: known });

const executableCode: Reader = (node, place, out) => {
  codeFields(node, place, out);
  callArguments(node, named(place, HOSTED_CODE), out);
};

const asResult = (place: Place, name: string | undefined): Place =>
  named({ ...place, origin: 'tool', kind: 'tool_result' }, name);

/** What functions answer in, where they have one thing to say. */
const WRAPPERS = new Set(['output', 'result', 'content', 'error']);

/** One text can be edited; all others are one part, which cannot. */
const response: Reader = unlessNull((node, place, out) => {
  const [only, more] = node.kind === 'object' ? node.members : [];
  const isWrapped = more === undefined && only?.value.kind === 'string' && WRAPPERS.has(only.key.value);
  out.addLeaves([isWrapped ? only.value : node], { ...place, lane: `${place.lane}.${place.kind}` });
});

const responseFields = proto({
  id: token,
  name: note,
  response,
  parts: repeated(mediaPart),
  scheduling: word(''),
  willContinue: plain,
});

const functionResponse: Reader = (node, place, out) =>
  responseFields(node, asResult(place, findText(node, 'name')), out);

const toolResponseFields = proto({ id: token, toolType: word(''), response });

const toolResponse: Reader = (node, place, out) =>
  toolResponseFields(node, asResult(place, findText(node, 'toolType')), out);

const resultFields = proto({ id: token, outcome: word('OUTCOME_'), output: text() });

const codeExecutionResult: Reader = (node, place, out) =>
  resultFields(node, asResult(place, HOSTED_CODE), out);

const partFields = proto({
  text: text(),
  thought: plain,
  thoughtSignature: opaque,
  inlineData,
  fileData,
  functionCall,
  functionResponse,
  executableCode,
  codeExecutionResult,
  toolCall,
  toolResponse,
  videoMetadata: proto({ startOffset: note, endOffset: note, fps: plain }),
  mediaResolution: note,
  mediaProcessing: note,
  partMetadata: note,
});

const part: Reader = (node, place, out) => {
  if (payloadsOf(node).length > 1) out.refuse('part.union', node);
  const first = out.parts.length;
  partFields(node, isThought(node, place) ? { ...place, kind: 'reasoning' } : place, out);
  // What was signed is worth nothing once it is edited.
  if (isSigned(node)) out.sealFrom(first);
};

/** Only a model thinks: whoever else says so would have his words held to other rules. */
const isThought = (node: JsonNode, { origin }: Place): boolean => {
  const thought = findValue(node, 'thought');
  return origin === 'assistant' && thought?.kind === 'literal' && thought.value === true;
};

const isSigned = (node: JsonNode): boolean => {
  const signature = findField(node, 'thoughtSignature');
  return signature !== undefined && !isNull(signature);
};

const isOnlyText = (node: JsonNode): boolean => payloadsOf(node).every((name) => name === 'text');

/** `laneOf` says in which lane a part of this index is. */
export const parts =
  (laneOf: (place: Place, index: number, isText: boolean) => string): Reader =>
  (node, place, out) => {
    const first = out.parts.length;
    for (const [index, item] of repeatedOf(node).entries()) {
      const isText = isOnlyText(item);
      const lane = laneOf(place, index, isText);
      part(item, { ...place, lane }, out);
      if (!isText || !isSigned(item)) continue;
      // The signature of a text comes with its last piece, which may be empty; that of a call is the call's own.
      out.sealFrom(first);
      out.signedLanes.push(`${lane}.text`, `${lane}.reasoning`);
    }
  };
