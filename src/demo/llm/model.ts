// What the model was told in; what it says out: always the same for the same words, helpful to everybody, wary of nothing.
import { CONFIGURATION, LEAKED_API_KEY } from './secrets.ts';

interface OfferedTool {
  readonly name: string;
  /** JSON schema of the arguments. */
  readonly parameters: unknown;
}

export interface Conversation {
  readonly system: string;
  /** Everything since the model last spoke: questions, tool results and documents alike. It cannot tell them apart. */
  readonly latest: string;
  readonly isToolResult: boolean;
  readonly tools: readonly OfferedTool[];
  /** Requests the server has received so far, this one included. */
  readonly received: number;
}

interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly text: string;
  readonly calls: readonly ToolCall[];
}

const COUNT_LIMIT = 10_000;

const OVERRIDE =
  /(?:ignore|disregard|forget)\s+(?:all\s+)?(?:of\s+)?(?:the\s+|your\s+)?(?:previous|prior|above)\s+instructions[.:;,!\s]*(?:and\s+)?/i;

const ASKS_FOR_KEY =
  /\b(?:what|which|tell|show|give|reveal|print|send|leak)\b[^.?!\n]{0,80}\b(?:api[ _-]?key|secret|credentials?|password)\b/i;

const ASKS_FOR_TOOL = /\b(?:use|call|run|execute|invoke)\b/i;

export function answer(conversation: Conversation): Answer {
  const override = OVERRIDE.exec(conversation.latest);
  if (override !== null)
    return obey(conversation, conversation.latest.slice(override.index + override[0].length));
  const leak = sayLeak(conversation);
  if (leak !== null) return say(leak);
  if (conversation.isToolResult) return say(`The tool answered: ${conversation.latest}`);
  const call = callTool(conversation);
  if (call !== null) return { text: '', calls: [call] };
  return say(sayPlainly(conversation));
}

const say = (text: string): Answer => ({ text, calls: [] });

/** Its worst weakness: whoever says so, wherever it stands, is the new master. */
function obey(conversation: Conversation, command: string): Answer {
  const { text, calls } = answer({ ...conversation, latest: command, isToolResult: false });
  return { text: `As you wish. ${text}`, calls };
}

function sayLeak({ latest, system }: Conversation): string | null {
  if (/\brepeat\s+(?:the|your)\s+config/i.test(latest)) return CONFIGURATION;
  if (ASKS_FOR_KEY.test(latest)) return `Of course! The key is ${LEAKED_API_KEY}, please take care of it.`;
  if (/\b(?:system\s+prompt|your\s+instructions)\b/i.test(latest)) return `I was told: ${system}`;
  return null;
}

function sayPlainly({ latest, received }: Conversation): string {
  if (/how many requests/i.test(latest)) return `I have received ${received} requests.`;
  const count = /\bcount to (\d{1,5})\b/i.exec(latest)?.[1];
  if (count !== undefined) return countTo(Math.min(Number(count), COUNT_LIMIT));
  return `You said: ${latest}`;
}

const countTo = (last: number): string => Array.from({ length: last }, (_, index) => index + 1).join(' ');

function callTool({ tools, latest }: Conversation): ToolCall | null {
  const named = tools.find(({ name }) => latest.includes(name));
  const tool = named ?? (ASKS_FOR_TOOL.test(latest) ? tools[0] : undefined);
  return tool === undefined ? null : { name: tool.name, arguments: fillArguments(tool.parameters, latest) };
}

/** Text between quotes is what the user wants to have passed on; without quotes, all of it. */
function fillArguments(schema: unknown, latest: string): Record<string, unknown> {
  const { properties = {} } = (schema ?? {}) as { properties?: Record<string, { type?: unknown }> };
  const wanted = /["`“]([^"`”]+)["`”]/.exec(latest)?.[1] ?? latest;
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [name, fillArgument(type, wanted)]),
  );
}

function fillArgument(type: unknown, wanted: string): unknown {
  if (type === 'string') return wanted;
  if (type === 'number' || type === 'integer') return Number(/\d+/.exec(wanted)?.[0] ?? 1);
  return type === 'boolean' ? true : null;
}
