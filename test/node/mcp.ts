// A real MCP server, and the real client on the other side: a wish as a line of JSON in, what came of it as a line out.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  CreateMessageResultSchema,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { McpHeard, McpWish } from './mcp-wish.ts';

/** Tools that ran. */
let ran: string[] = [];
/** What the server gives as the description of its tool. */
let description = 'Says it again.';
let answer: string | undefined;

function startSession(): StreamableHTTPServerTransport {
  const server = new Server({ name: 'test', version: '1.0.0' }, { capabilities: { tools: {}, logging: {} } });
  const inputSchema = { type: 'object' as const, properties: { text: { type: 'string' } } };
  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: [{ name: 'echo', description, inputSchema }],
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { sendNotification, sendRequest }) => {
    const text = String(params.arguments?.['text']);
    ran.push(text);
    await sendNotification({
      method: 'notifications/message',
      params: { level: 'info', data: 'On its way.' },
    });
    if (text === 'ask the model') {
      const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: 'Well?' } }];
      await sendRequest(
        { method: 'sampling/createMessage', params: { messages, maxTokens: 9 } },
        CreateMessageResultSchema,
      );
    }
    return { content: [{ type: 'text', text: answer ?? text }] };
  });
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  void server.connect(transport);
  return transport;
}

const sessions = new Map<string, StreamableHTTPServerTransport>();

const http = createServer((request, response) => {
  const known = sessions.get(String(request.headers['mcp-session-id']));
  void (known ?? startSession()).handleRequest(request, response);
}).listen(0, '127.0.0.1');
await once(http, 'listening');

async function fulfil({ url, text, offered, ...wish }: McpWish): Promise<McpHeard> {
  ran = [];
  description = offered ?? 'Says it again.';
  answer = wish.answer;
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities: { sampling: {} } });
  const transport = new StreamableHTTPClientTransport(new URL(url));
  try {
    await client.connect(transport);
    const { tools } = await client.listTools();
    const result = await client.callTool({ name: 'echo', arguments: { text } });
    await transport.terminateSession();
    const [first] = result.content as { text?: string }[];
    return { tools: tools.map(({ name }) => name), text: first?.text ?? '', ran };
  } catch (thrown) {
    const error = thrown as Error & { code?: unknown; data?: unknown };
    const { message, code, data } = error;
    return { error: { class: error.constructor.name, code, data, message }, ran };
  } finally {
    await client.close();
  }
}

const say = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);

say({ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
for await (const line of createInterface({ input: process.stdin }))
  say(await fulfil(JSON.parse(line) as McpWish));
process.exit(0);
