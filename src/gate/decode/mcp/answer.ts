// What MCP servers answer in: results of tools, prompts, resources, and the tools that they offer. All of it is a stranger's words.
import type { ResponseMessage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { DecodeFault } from '../codec.ts';
import { findString, itemsOf, type JsonNode } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import { base64, fileData, mediaType } from '../read/media.ts';
import type { Place } from '../read/place.ts';
import {
  blocks,
  known,
  list,
  note,
  object,
  oneOf,
  plain,
  tagged,
  text,
  unlessNull,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { addTool } from '../read/tools.ts';
import { parseObject } from '../read/typed.ts';

export const ANSWERING: Place = { turn: 0, role: 'tool', origin: 'tool', lane: '0.0', kind: 'tool_result' };

/** Every text below, in one part that cannot be edited. */
const leaves =
  (segment: string): Reader =>
  (node, place, out) =>
    out.addLeaves([node], { ...place, lane: `${place.lane}.${segment}` });

const described: Fields = { annotations: note, _meta: note, icons: note };

const mediaOf = (node: JsonNode): string => findString(node, 'mimeType') ?? 'application/octet-stream';
const medium = base64({ type: known, mimeType: mediaType, ...described }, mediaOf);

const contents = object({
  ...described,
  uri: note,
  name: note,
  title: note,
  mimeType: mediaType,
  text: text(),
  blob: fileData,
});

const block = tagged({
  text: { text: text(), ...described },
  image: medium,
  audio: medium,
  resource: { resource: contents, ...described },
  resource_link: {
    ...described,
    uri: text('tool_result', 'uri'),
    name: text('tool_result', 'name'),
    title: text('tool_result', 'title'),
    description: text('tool_result', 'description'),
    mimeType: mediaType,
    size: plain,
  },
});

const tool: Reader = (node, _place, out) =>
  addTool(
    { entry: node, core: node, name: findString(node, 'name') ?? '', kind: 'function', origin: 'tool' },
    out,
  );

/** Each item is a lane of its own. */
const each = (segment: string, read: Reader): Reader =>
  unlessNull((node, place, out) => {
    if (node.kind !== 'array') return out.addUnknown(node);
    for (const [index, item] of itemsOf(node).entries())
      read(item, { ...place, lane: `${place.lane}.${segment}.${index}` }, out);
  });

const turn = object({ role: oneOf('user', 'assistant'), content: block });

/** Of every method in one: no two of them mean different things by one name, so that nothing is passed over. */
const result = object({
  _meta: note,
  nextCursor: note,
  tools: list(tool),
  content: blocks(block),
  structuredContent: leaves('structured'),
  isError: plain,
  protocolVersion: note,
  capabilities: note,
  serverInfo: note,
  instructions: text('tool_result', 'instructions'),
  prompts: each('prompts', leaves('text')),
  resources: each('resources', leaves('text')),
  resourceTemplates: each('templates', leaves('text')),
  description: text('tool_result', 'description'),
  messages: each('messages', turn),
  contents: each('contents', contents),
  completion: object({ values: each('values', text()), total: plain, hasMore: plain }),
});

export const answered: Fields = {
  jsonrpc: oneOf('2.0'),
  id: note,
  result,
  error: object({ code: plain, message: text('tool_result', 'error'), data: leaves('error') }),
};

const readAnswer = object(answered);

/** Nothing at all acknowledges a notification. */
export function decodeResponse(body: Buffer): Result<ResponseMessage, DecodeFault> {
  const out = new Collector(body, 'tool');
  const parsed = body.length === 0 ? null : parseObject(body);
  if (parsed?.ok === false) return parsed;
  if (parsed !== null) readAnswer(parsed.value, ANSWERING, out);
  if (out.fault !== null) return err(out.fault);
  const { parts, tools, coverage } = out;
  return ok({ model: '', parts, tools, coverage, usage: {}, finishReasons: [] });
}
