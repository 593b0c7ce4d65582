// The blocks of which messages are made, asked and answered alike.
import { blocks, byKind, list, note, opaque, reference, sealed, tagged, text } from '../read/readers.ts';
import { toolUse } from './calls.ts';
import { ownResult, theirResult } from './results.ts';
import { cache_control, documentBlock, imageBlock, searchResultBlock, textBlock } from './sources.ts';
import { changed, listing } from './tools.ts';

export const block = tagged({
  text: textBlock,
  image: imageBlock,
  document: documentBlock,
  search_result: searchResultBlock,
  thinking: { thinking: sealed('reasoning'), signature: opaque },
  redacted_thinking: { data: opaque },
  tool_use: toolUse,
  server_tool_use: toolUse,
  mcp_tool_use: toolUse,
  tool_result: ownResult,
  web_search_tool_result: theirResult,
  web_fetch_tool_result: theirResult,
  code_execution_tool_result: theirResult,
  bash_code_execution_tool_result: theirResult,
  text_editor_code_execution_tool_result: theirResult,
  tool_search_tool_result: theirResult,
  advisor_tool_result: theirResult,
  mcp_tool_result: theirResult,
  mcp_tool_listing: listing,
  container_upload: { file_id: reference('file'), cache_control },
  compaction: {
    content: sealed('text'),
    encrypted_content: opaque,
    signature: opaque,
    tool_changes: list(tagged({ tool_addition: changed, tool_removal: changed })),
    cache_control,
  },
  tool_addition: changed,
  tool_removal: changed,
  fallback: { from: note, to: note, trigger: note },
});

export const content = byKind({ string: text(), array: blocks(block) });
