// AWS's SDK: converse, whole and streamed. It speaks HTTP/2 with prior knowledge.
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type ContentBlock,
  type ContentBlockDelta,
  type ContentBlockStartEvent,
} from '@aws-sdk/client-bedrock-runtime';
import { KEY, SCHEMA, TOOL, type Heard, type HeardCall, type Question } from './question.ts';

const clientOf = ({ base }: Question): BedrockRuntimeClient =>
  new BedrockRuntimeClient({
    region: 'eu-west-1',
    endpoint: `${base}/bedrock`,
    credentials: { accessKeyId: KEY, secretAccessKey: KEY },
  });

const askedOf = ({ prompt, tool }: Question) => ({
  modelId: 'anthropic.claude-sonnet-5-5-v1:0',
  messages: [{ role: 'user' as const, content: [{ text: prompt }] }],
  ...(tool ? { toolConfig: { tools: [{ toolSpec: { name: TOOL, inputSchema: { json: SCHEMA } } }] } } : {}),
});

export async function askConverse(question: Question): Promise<Heard> {
  const client = clientOf(question);
  try {
    if (question.stream) return await hearStream(client, question);
    const { output, stopReason } = await client.send(new ConverseCommand(askedOf(question)));
    const content: readonly ContentBlock[] = output?.message?.content ?? [];
    return {
      text: content.map(({ text }) => text ?? '').join(''),
      finish: stopReason ?? null,
      calls: content.flatMap(({ toolUse }): HeardCall[] =>
        toolUse === undefined ? [] : [[toolUse.name ?? '', JSON.stringify(toolUse.input)]],
      ),
    };
  } finally {
    client.destroy();
  }
}

async function hearStream(client: BedrockRuntimeClient, question: Question): Promise<Heard> {
  const heard: HeardStream = { text: '', finish: null, calls: [] };
  const { stream = [] } = await client.send(new ConverseStreamCommand(askedOf(question)));
  for await (const event of stream) {
    if (event.contentBlockStart !== undefined) hearStart(event.contentBlockStart, heard);
    if (event.contentBlockDelta?.delta !== undefined) hearDelta(event.contentBlockDelta.delta, heard);
    if (event.messageStop !== undefined) heard.finish = event.messageStop.stopReason ?? null;
  }
  return heard;
}

interface HeardStream {
  text: string;
  finish: string | null;
  readonly calls: [string, string][];
}

function hearStart({ start }: ContentBlockStartEvent, { calls }: HeardStream): void {
  if (start?.toolUse !== undefined) calls.push([start.toolUse.name ?? '', '']);
}

function hearDelta({ text = '', toolUse }: ContentBlockDelta, heard: HeardStream): void {
  heard.text += text;
  (heard.calls.at(-1) ?? ['', ''])[1] += toolUse?.input ?? '';
}
