// A team's policy artifact and a body in, what the built-in policies decide out: compiled, decoded and inspected for real.
import type { Decision, Route } from '../../src/exchange/index.ts';
import { codecOf, findOperation } from '../../src/gate/decode/index.ts';
import { readBundle, type Bundle } from '../../src/policy/bundle.ts';
import {
  buildData,
  compilePolicies,
  NO_SOURCES,
  readBuiltin,
  type RegoCompiler,
} from '../../src/policy/compiler/index.ts';
import { decideFacts } from '../../src/policy/decide-facts.ts';
import { openSnapshot, type Snapshot } from '../../src/policy/snapshot.ts';

/** Settings are data: the module is the same for all, and compiled once. */
export async function compileBuiltIn(compiler: RegoCompiler): Promise<Bundle> {
  const options = { compiler, builtin: await readBuiltin(), revision: 'test' };
  return unwrap(readBundle(unwrap(await compilePolicies(NO_SOURCES, options))));
}

/** The policies with settings of a team. */
export async function configure(bundle: Bundle, config: object): Promise<Snapshot> {
  const own = { name: 'config.json', file: 'config.json', text: JSON.stringify(config) };
  const data = unwrap(buildData((await readBuiltin()).data, [own]));
  return unwrap(await openSnapshot({ ...bundle, data }, {}));
}

const { operation: OPERATION } = unwrapNull(findOperation('openai', 'POST', '/v1/chat/completions'));
const ROUTE: Route = {
  upstream: { name: 'openai', provider: 'openai', url: new URL('https://api.openai.com') },
  operation: OPERATION,
};

const ORDINARY = {
  phase: 'request',
  partial: false,
  route: ROUTE,
  stream: false,
  tools: [],
  references: [],
  limits: {},
  usage: {},
  finishReasons: [],
} as const;

/** Of a chat completion; what is not given is ordinary. */
export function decideRequest(snapshot: Snapshot, request: object): Decision {
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello.' }], ...request };
  const message = unwrap(codecOf(OPERATION).decodeRequest(Buffer.from(JSON.stringify(body))));
  const findings = snapshot.inspector.inspectParts(message.parts);
  return decideFacts({ ...ORDINARY, ...message, findings }, snapshot);
}

export const decidePrompt = (snapshot: Snapshot, content: string): Decision =>
  decideRequest(snapshot, { messages: [{ role: 'user', content }] });

/** `said` is the message of the only choice. */
export function decideAnswer(snapshot: Snapshot, said: object): Decision {
  const choices = [{ index: 0, message: { role: 'assistant', ...said }, finish_reason: 'stop' }];
  const body = { id: 'c1', object: 'chat.completion', created: 1, model: 'gpt-4o', choices };
  const message = unwrap(codecOf(OPERATION).decodeResponse(Buffer.from(JSON.stringify(body))));
  const findings = snapshot.inspector.inspectParts(message.parts);
  return decideFacts({ ...ORDINARY, ...message, phase: 'response', findings }, snapshot);
}

function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function unwrapNull<T>(value: T | null): T {
  if (value === null) throw new Error('There is no such operation.');
  return value;
}
