// The items of which conversations are made: messages, reasoning, calls and their results, in requests and in answers.
import type { Origin } from '../../../exchange/index.ts';
import { findString, findValue } from '../json/index.ts';
import { inlined, url } from '../read/media.ts';
import {
  as,
  blocks,
  byKind,
  id,
  known,
  list,
  map,
  note,
  object,
  oneOf,
  opaque,
  plain,
  reference,
  tagged,
  text,
  type Reader,
} from '../read/readers.ts';
import { originOf } from '../read/request.ts';
import { answer, answered, call, itemFields, type TakeArguments } from './calls.ts';
import { content, imageFields, part, result } from './content.ts';
import { listing } from './tools.ts';

const ORIGINS: Readonly<Record<string, Origin>> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  assistant: 'assistant',
};

const messageFields = object({
  ...itemFields,
  role: oneOf('system', 'developer', 'user', 'assistant'),
  content,
  phase: oneOf('commentary', 'final_answer'),
});

/** In an answer it is the model that speaks, whatever the role. */
const message: Reader = (node, place, out) => {
  const role = findString(node, 'role') ?? '';
  const origin = place.origin === 'assistant' ? 'assistant' : originOf(role, ORIGINS);
  messageFields(node, { ...place, role, origin }, out);
};

const reasoning = as(
  { role: 'assistant', origin: 'assistant' },
  object({ ...itemFields, summary: blocks(part), content: blocks(part), encrypted_content: opaque }),
);

const itemReference = object({ type: known, id: reference('item') });

/** Two kinds of item need not say what they are. */
const untyped: Reader = (node, place, out) =>
  (findString(node, 'role') === undefined ? itemReference : message)(node, place, out);

const safetyChecks = list(object({ id, code: note, message: note }));

const environment = object({
  type: oneOf('local', 'container_reference'),
  container_id: reference('container'),
  skills: note,
});

const foundFile = answered(
  object({ text: text(), filename: note, file_id: id, score: plain, attributes: map(note) }),
);

const codeOutput = answered(tagged({ logs: { logs: text() }, image: { url: url('image_url') } }));

const shellOutput = object({
  stdout: text(),
  stderr: text(),
  outcome: object({ type: oneOf('timeout', 'exit'), exit_code: plain }),
  created_by: note,
});

/** One action, or a list of them: both are what the model wants to have done. */
const computerCall = (take: TakeArguments): Reader => {
  const inField = (field: string, other: string): Reader =>
    call({ tool: 'computer', field, more: { [other]: note, pending_safety_checks: safetyChecks } })(take);
  const [one, more] = [inField('action', 'actions'), inField('actions', 'action')];
  return (node, place, out) => (findValue(node, 'actions') === undefined ? one : more)(node, place, out);
};

const CALLS = {
  function_call: call({ field: 'arguments' }),
  custom_tool_call: call({ field: 'input' }),
  mcp_call: call({
    field: 'arguments',
    more: {
      server_label: note,
      approval_request_id: id,
      output: answered(text()),
      error: answered(byKind({ string: text(), object: note })),
    },
  }),
  mcp_approval_request: call({ field: 'arguments', more: { server_label: note } }),
  web_search_call: call({ tool: 'web_search', field: 'action' }),
  file_search_call: call({ tool: 'file_search', field: 'queries', more: { results: list(foundFile) } }),
  code_interpreter_call: call({
    tool: 'code_interpreter',
    field: 'code',
    more: { container_id: reference('container'), outputs: list(codeOutput) },
  }),
  computer_call: computerCall,
  image_generation_call: call({
    tool: 'image_generation',
    field: 'revised_prompt',
    more: {
      result: answered(inlined('image/*')),
      action: note,
      background: note,
      output_format: note,
      quality: note,
      size: note,
    },
  }),
  local_shell_call: call({ tool: 'local_shell', field: 'action' }),
  shell_call: call({ tool: 'shell', field: 'action', more: { environment, max_output_length: plain } }),
  apply_patch_call: call({ tool: 'apply_patch', field: 'operation' }),
  tool_search_call: call({
    tool: 'tool_search',
    field: 'arguments',
    more: { execution: oneOf('server', 'client') },
  }),
  program: call({ tool: 'program', field: 'code', more: { fingerprint: opaque } }),
};

const ANSWERS: Readonly<Record<string, Reader>> = {
  function_call_output: answer({ output: result }),
  custom_tool_call_output: answer({ output: result }),
  computer_call_output: answer(
    { output: tagged({ computer_screenshot: imageFields }), acknowledged_safety_checks: safetyChecks },
    'computer',
  ),
  local_shell_call_output: answer({ output: text() }, 'local_shell'),
  shell_call_output: answer({ output: list(shellOutput), max_output_length: plain }, 'shell'),
  apply_patch_call_output: answer({ output: text() }, 'apply_patch'),
  program_output: answer({ result: text() }, 'program'),
};

interface Kinds {
  readonly take: TakeArguments;
  /** Reads definitions of tools. */
  readonly tools: Reader;
}

/** The readers of one kind of place: a request, an answer, or one of the moments in which a stream tells an item. */
export function readItem({ take, tools }: Kinds): Reader {
  const calls = Object.entries(CALLS).map(([type, create]) => [type, create(take)]);
  const offering = { call_id: id, execution: oneOf('server', 'client'), role: note, tools, error: note };
  return tagged({
    '': untyped,
    message,
    reasoning,
    compaction: { ...itemFields, encrypted_content: opaque },
    compaction_trigger: {},
    item_reference: itemReference,
    mcp_list_tools: listing(itemFields),
    mcp_approval_response: { ...itemFields, approval_request_id: id, approve: plain, reason: text() },
    tool_search_output: { ...itemFields, ...offering },
    additional_tools: { ...itemFields, ...offering },
    ...ANSWERS,
    ...(Object.fromEntries(calls) as Record<string, Reader>),
  });
}
