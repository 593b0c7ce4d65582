// A text or a list of texts, each a turn of its own, in; their parts out. Tokens in their place cannot be read here.
import type { JsonNode } from '../json/index.ts';
import type { Place } from '../read/place.ts';
import { text, unlessNull, type Reader } from '../read/readers.ts';

/** `block` reads objects, where the field may hold them: blocks of one turn, the first. */
export const texts = (field: string, block?: Reader): Reader =>
  unlessNull((node, place, out) => {
    const items = node.kind === 'array' ? node.items : [node];
    const there: Place = { ...place, role: 'user' };
    for (const [index, item] of items.entries()) {
      if (item.kind === 'string') readWords(item, { ...there, turn: index, lane: `${index}.0` }, out);
      else if (item.kind === 'object' && block !== undefined)
        block(item, { ...there, turn: 0, lane: `0.${index}` }, out);
      else out.refuse(isTokens(item) ? 'request.opaque_tokens' : `request.${field}_type`, item);
    }
  });

const readWords = text();

/** Numbers are text in an alphabet that is the model's alone. */
const isTokens = ({ kind }: JsonNode): boolean => kind === 'number' || kind === 'array';
