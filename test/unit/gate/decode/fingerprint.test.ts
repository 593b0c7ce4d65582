import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Dialect, Tool } from '../../../../src/exchange/index.ts';
import { codecOf } from '../../../../src/gate/decode/index.ts';

const SCHEMA = { type: 'object', properties: { to: { type: 'string', maxLength: 1e21 } } };

/** As RFC 8785 has it, by hand. */
const READ =
  '{"description":"Sends é.","inputSchema":{"properties":{"to":{"maxLength":1e+21,"type":"string"}},"type":"object"},"name":"send"}';

function toolsOf(dialect: Dialect, request: object): readonly Tool[] {
  const decoded = codecOf({ dialect }).decodeRequest(Buffer.from(JSON.stringify(request)), { model: 'm' });
  if (!decoded.ok) throw new Error(decoded.error.code);
  return decoded.value.tools;
}

const asked = { model: 'm', messages: [] };
const core = { name: 'send', description: 'Sends é.' };

function chatTool(tool: object): Tool {
  const [first] = toolsOf('openai-chat', { ...asked, tools: [tool] });
  if (first === undefined) throw new Error('There is a tool.');
  return first;
}

const chat = (more: object, beside: object = {}): Tool =>
  chatTool({ type: 'function', function: { ...core, parameters: SCHEMA, ...more }, ...beside });

describe('the hash of a tool', () => {
  it('is that of what models read, in canonical form, in every dialect', () => {
    const schema = { ...SCHEMA };
    const all = [
      ...toolsOf('openai-chat', {
        ...asked,
        tools: [{ type: 'function', function: { ...core, parameters: schema } }],
      }),
      ...toolsOf('openai-chat', { ...asked, functions: [{ parameters: schema, ...core }] }),
      ...toolsOf('openai-responses', {
        model: 'm',
        input: '',
        tools: [{ type: 'function', ...core, parameters: schema }],
      }),
      ...toolsOf('anthropic-messages', {
        ...asked,
        max_tokens: 1,
        tools: [{ ...core, input_schema: schema }],
      }),
      ...toolsOf('gemini', {
        contents: [],
        tools: [{ functionDeclarations: [{ ...core, parametersJsonSchema: schema }] }],
      }),
    ];
    expect(all).toHaveLength(5);
    expect(new Set(all.map(({ sha256 }) => sha256))).toEqual(new Set([hash('sha256', READ)]));
  });

  it('does not depend on spelling, on order, or on who calls', () => {
    const decode = (text: string): Tool => {
      const body = Buffer.from(`{"model":"m","messages":[],"tools":[${text}]}`);
      const decoded = codecOf({ dialect: 'openai-chat' }).decodeRequest(body);
      if (!decoded.ok || decoded.value.tools[0] === undefined) throw new Error('There is a tool.');
      return decoded.value.tools[0];
    };
    const one = decode('{"type":"function","function":{"name":"send","parameters":{"a":1,"b":[1.0]}}}');
    const two = decode(
      '{ "cache_control": {}, "function": {"parameters": {"b": [1e0], "a": 1}, "name": "s\\u0065nd"}, "type": "function" }',
    );
    expect([one.sha256, one.wholeSha256]).toEqual([two.sha256, two.wholeSha256]);
  });

  it.each([
    ['a name', chat({ name: 'Send' })],
    ['a description', chat({ description: 'Sends é. ' })],
    ['a description that only looks the same', chat({ description: 'Sends e\u0301.' })],
    [
      'a word deep in the schema',
      chat({ parameters: { ...SCHEMA, properties: { to: { type: 'string', headers: 1 } } } }),
    ],
    ['a second schema, which somebody else may read', chat({ input_schema: {} })],
  ])('is another for %s', (_, other) => {
    expect(other.sha256).not.toBe(chat({}).sha256);
    expect(other.wholeSha256).not.toBe(chat({}).wholeSha256);
  });

  it('of the whole is another for everything else', () => {
    const strict = chat({ strict: true });
    expect(strict.sha256).toBe(chat({}).sha256);
    expect(strict.wholeSha256).not.toBe(chat({}).wholeSha256);
  });

  it('of a hosted server is that of where it is and what it may, whoever signs in', () => {
    const server = (more: object): string | undefined =>
      toolsOf('openai-responses', {
        model: 'm',
        input: '',
        tools: [{ type: 'mcp', server_label: 'mail', server_url: 'https://mail.example/mcp', ...more }],
      })[0]?.sha256;
    expect(server({ authorization: 'a', headers: { b: 'c' } })).toBe(server({}));
    expect(server({ server_url: 'https://mai1.example/mcp' })).not.toBe(server({}));
    expect(server({ allowed_tools: ['send'] })).not.toBe(server({}));
  });
});

describe('tools that a server lists', () => {
  const definition = { name: 'send', description: 'Sends é.', input_schema: SCHEMA, annotations: null };
  const item = { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 'mail', tools: [definition] };
  const pinned = { name: 'send', server: 'mail', sha256: hash('sha256', READ) };

  it('are known by its label, in requests and in answers', () => {
    expect(toolsOf('openai-responses', { model: 'm', input: [item] })).toMatchObject([pinned]);
    const answer = codecOf({ dialect: 'openai-responses' }).decodeResponse(
      Buffer.from(JSON.stringify({ object: 'response', model: 'm', output: [item] })),
    );
    expect(answer).toMatchObject({ ok: true, value: { tools: [pinned] } });
    const block = { type: 'mcp_tool_listing', mcp_server_name: 'mail', tools: [definition] };
    const message = codecOf({ dialect: 'anthropic-messages' }).decodeResponse(
      Buffer.from(JSON.stringify({ type: 'message', role: 'assistant', model: 'm', content: [block] })),
    );
    expect(message).toMatchObject({ ok: true, value: { tools: [pinned] } });
  });

  it('speak with the words of the server, not with those of the operator', () => {
    const answer = codecOf({ dialect: 'openai-responses' }).decodeResponse(
      Buffer.from(JSON.stringify({ object: 'response', model: 'm', output: [item] })),
    );
    const parts = answer.ok ? answer.value.parts.filter(({ name }) => name === 'send') : [];
    expect(parts.map(({ origin }) => origin)).toEqual(['tool', 'tool']);
  });
});
