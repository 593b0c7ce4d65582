// What tools answered: the application’s in a request, the provider’s own on either side.
import type { Part } from '../../../exchange/index.ts';
import { findString } from '../json/index.ts';
import {
  byKind,
  id,
  known,
  list,
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
import { named } from '../read/place.ts';
import { caller } from './calls.ts';
import { cache_control, documentBlock, imageBlock, searchResultBlock, textBlock } from './sources.ts';

/** Texts of a result as one part: they are many and small. */
const gathered: Reader = (node, place, out) => {
  const part: Omit<Part, 'text' | 'at'> = { ...place, lane: `${place.lane}.${place.kind}` };
  out.addLeaves([node], part);
};

/** What the provider's own tools found; each kind has some of these fields, and some hold results again. */
const serverResult: Reader = (node, place, out) => readServerResult(node, place, out);

const RESULT_TYPES = [
  'web_search_result',
  'web_search_tool_result_error',
  'web_fetch_result',
  'web_fetch_tool_result_error',
  'code_execution_result',
  'code_execution_output',
  'code_execution_tool_result_error',
  'encrypted_code_execution_result',
  'bash_code_execution_result',
  'bash_code_execution_output',
  'bash_code_execution_tool_result_error',
  'text_editor_code_execution_view_result',
  'text_editor_code_execution_create_result',
  'text_editor_code_execution_str_replace_result',
  'text_editor_code_execution_tool_result_error',
  'tool_search_tool_search_result',
  'tool_search_tool_result_error',
  'tool_reference',
  'advisor_result',
  'advisor_redacted_result',
  'advisor_tool_result_error',
] as const;

const resultFields: Reader = object({
  type: oneOf(...RESULT_TYPES),
  content: serverResult,
  tool_references: list(serverResult),
  text: text(),
  title: text(),
  url: text(),
  page_age: text(),
  retrieved_at: text(),
  stdout: text(),
  stderr: text(),
  lines: list(text()),
  error_message: text(),
  error_code: note,
  tool_name: note,
  stop_reason: note,
  file_id: reference('file'),
  file_type: oneOf('text', 'image', 'pdf'),
  encrypted_content: opaque,
  encrypted_stdout: opaque,
  return_code: plain,
  is_file_update: plain,
  num_lines: plain,
  start_line: plain,
  total_lines: plain,
  new_lines: plain,
  new_start: plain,
  old_lines: plain,
  old_start: plain,
});

const readTextBlock = object({ type: known, ...textBlock });

const resultObject: Reader = (node, place, out) => {
  const type = findString(node, 'type');
  if (type === 'document') documentBlock(node, place, out);
  else if (type === 'text') readTextBlock(node, place, out);
  else resultFields(node, place, out);
};

const readServerResult = byKind({ string: text(), array: list(resultObject), object: resultObject });

/** The answer of a tool: `read` takes its content. */
const toolResult = (read: Reader): Reader => {
  const readFields = object({
    type: known,
    tool_use_id: id,
    content: read,
    is_error: plain,
    toolset_name: note,
    caller,
    cache_control,
  });
  return (node, place, out) => {
    const name = out.toolNames.get(findString(node, 'tool_use_id') ?? '');
    const there = named({ ...place, origin: 'tool', kind: 'tool_result' }, name);
    readFields(node, there, out);
  };
};

export const ownResult = toolResult(
  byKind({
    string: text(),
    array: list(
      tagged({
        text: textBlock,
        image: imageBlock,
        document: documentBlock,
        search_result: searchResultBlock,
        tool_reference: { tool_name: note, cache_control },
        browser_state: { tabs: gathered, state_changes: gathered, cache_control },
      }),
    ),
  }),
);

export const theirResult = toolResult(serverResult);
