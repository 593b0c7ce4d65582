// Messages of a server, one in each event, in; events of the vocabulary that all dialects share out.
import { err } from '../../../lib/result.ts';
import type { Codec } from '../codec.ts';
import { findString, findValue, type JsonObject } from '../json/index.ts';
import { Collector } from '../read/collector.ts';
import { known, note, object, oneOf, plain, type Reader } from '../read/readers.ts';
import { openDecoder } from '../read/stream.ts';
import { parseObject } from '../read/typed.ts';
import { ANSWERING, answered } from './answer.ts';

const always = { _meta: note };
const changed = object(always);

/** What a server may tell without being asked. To ask is another thing: what it asks of models and of people is not judged here. */
const NOTIFICATIONS: ReadonlyMap<string, Reader> = new Map(
  Object.entries({
    ping: changed,
    'notifications/message': object({ ...always, level: note, logger: note, data: note }),
    'notifications/progress': object({
      ...always,
      progressToken: note,
      progress: plain,
      total: plain,
      message: note,
    }),
    'notifications/cancelled': object({ ...always, requestId: note, reason: note }),
    'notifications/resources/updated': object({ ...always, uri: note }),
    'notifications/resources/list_changed': changed,
    'notifications/tools/list_changed': changed,
    'notifications/prompts/list_changed': changed,
  } satisfies Record<string, Reader>),
);

function readerFor(message: JsonObject): Reader | null {
  const method = findValue(message, 'method');
  if (method === undefined) return object(answered);
  const params = NOTIFICATIONS.get(findString(message, 'method') ?? '');
  return params === undefined ? null : object({ jsonrpc: oneOf('2.0'), id: note, method: known, params });
}

export const openStream: Codec['openStream'] = (framing) => {
  let count = 0;
  return openDecoder(framing, (event, lanes) => {
    const parsed = parseObject(event.data);
    if (!parsed.ok) return parsed;
    if (!['', 'message'].includes(event.name)) return err({ code: 'stream.event_name' });
    const read = readerFor(parsed.value);
    if (read === null) return err({ code: 'mcp.server_method' });
    const lane = `${count}.0`;
    count += 1;
    const out = new Collector(event.data, 'tool', lanes.memory);
    read(parsed.value, { ...ANSWERING, lane }, out);
    const isTerminal = findValue(parsed.value, 'method') === undefined;
    return lanes.conclude(event, out, { isTerminal, closing: [lane] });
  });
};
