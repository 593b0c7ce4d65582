// The definition of a tool in; what policies pin it by out: hashes that no other spelling of the same definition changes.
import { hash } from 'node:crypto';
import type { Origin, Tool } from '../../../exchange/index.ts';
import { canonicalObject, findMember, type JsonMember, type JsonNode } from '../json/index.ts';

export interface Definition {
  /** The whole entry in the list of tools. */
  readonly entry: JsonNode;
  /** The object that holds its description. */
  readonly core: JsonNode;
  readonly name: string;
  readonly kind: string;
  /** The schema of its input, where dialects put it deeper than into the core. */
  readonly schema?: JsonNode | undefined;
  /** Whose words it is: where nothing is said those of the server that defines it, or of the application. */
  readonly origin?: Origin;
  /** The label of the MCP server that defines it. */
  readonly server?: string | undefined;
}

/** Where dialects have the schema of a tool's input, or what stands in its place. */
const SCHEMAS = [
  'inputSchema',
  'input_schema',
  'parameters',
  'parametersJsonSchema',
  'parameters_json_schema',
  'format',
];

/** Differ from caller to caller and from call to call. */
const PASSING = new Set(['authorization', 'authorization_token', 'headers', 'cache_control']);

type Members = ReadonlyArray<readonly [string, JsonNode]>;

/** Hashed when a policy asks, since most do not. */
export function fingerprint({ entry, core, name, kind, server, schema }: Definition): Tool {
  const whole = once(() => hashMembers(membersOf(entry, core)));
  const read = once(() => hashMembers(readMembers(core, schema)));
  return {
    name,
    kind,
    ...(server === undefined ? {} : { server }),
    get sha256() {
      return kind === 'function' ? read() : whole();
    },
    get wholeSha256() {
      return whole();
    },
  };
}

function once(make: () => string): () => string {
  let made: string | undefined;
  return () => (made ??= make());
}

const hashMembers = (members: Members): string => hash('sha256', canonicalObject(members));

const readMembers = (core: JsonNode, schema: JsonNode | undefined): Members => [
  ...pick(core, ['name', 'description']),
  ...schemaOf(schema === undefined ? pick(core, SCHEMAS) : [['', schema]]),
];

const pick = (core: JsonNode, names: readonly string[]): Members =>
  names.flatMap((name) => {
    const found = findMember(core, name);
    return found === undefined ? [] : [[name, found.value] as const];
  });

/** Of more than one nobody knows which is read. */
const schemaOf = (found: Members): Members =>
  found.length === 1 ? found.map(([, schema]) => ['inputSchema', schema]) : found;

/** What an entry and its core say, side by side: in which of the two it stands means nothing. */
function membersOf(entry: JsonNode, core: JsonNode): Members {
  if (entry.kind !== 'object') return [['', entry]];
  return entry.members.flatMap((member) => (member.value === core ? membersOf(core, core) : lasting(member)));
}

const lasting = ({ key, value }: JsonMember): Members => (PASSING.has(key.value) ? [] : [[key.value, value]]);
