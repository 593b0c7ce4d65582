// Strict JSON over bytes: parsing with places, looking things up, and edits by place.
export { canonicalObject } from './canonical.ts';
export { listLeaves, parseNested, plainValue } from './leaves.ts';
export { findMember, findNumber, findString, findValue, isNull, itemsOf } from './lookup.ts';
export type { JsonArray, JsonMember, JsonNode, JsonObject, JsonString } from './node.ts';
export { parseJson } from './parse.ts';
export { encodeString, spliceEdits } from './splice.ts';
