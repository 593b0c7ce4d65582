// What other servers add to requests of OpenAI's APIs: sampling, forms for the answer, other models, documents, templates.
import { findString } from '../json/index.ts';
import { documents, documentText } from '../read/documents.ts';
import {
  byKind,
  list,
  map,
  note,
  object,
  oneOf,
  plain,
  reference,
  refused,
  unlessNull,
  type Fields,
  type Reader,
} from '../read/readers.ts';
import { addTool } from '../read/tools.ts';

const NUMBERS = [
  'top_k',
  'top_a',
  'min_p',
  'typical_p',
  'best_of',
  'use_beam_search',
  'length_penalty',
  'repetition_penalty',
  'min_tokens',
  'ignore_eos',
  'skip_special_tokens',
  'spaces_between_special_tokens',
  'include_stop_str_in_output',
  'no_stop_trim',
  'truncate_prompt_tokens',
  'prompt_logprobs',
  'return_token_ids',
  'return_tokens_as_token_ids',
  'return_prompt_text',
  'add_special_tokens',
  'priority',
] as const;

/** Grammars and the like: what an answer is held to can say anything itself. */
const FORMS = [
  'guided_json',
  'guided_regex',
  'guided_choice',
  'guided_grammar',
  'guided_decoding_backend',
  'guided_whitespace_pattern',
  'structured_outputs',
  'structural_tag',
  'grammar',
  'json_schema',
  'regex',
  'ebnf',
] as const;

const named = (names: readonly string[], read: Reader): Fields =>
  Object.fromEntries(names.map((name) => [name, read]));

/** Any of them may answer, so each is named like the first; what is no name is refused. */
const models: Reader = unlessNull((node, place, out) => {
  const items = node.kind === 'array' ? node.items : [node];
  for (const item of items) {
    if (node.kind !== 'array' || item.kind !== 'string') return out.refuse('request.models_type', item);
    out.addReference('model', item.value, place.origin);
    out.note(item);
  }
});

/** Of every API that makes text. */
export const sampling: Fields = {
  ...named(NUMBERS, plain),
  ...named(FORMS, note),
  ...named(['stop_token_ids', 'allowed_token_ids', 'logprob_token_ids'], list(plain)),
  bad_words: list(note),
  models,
  fallbacks: models,
  /** The server's choice where the others fail. */
  route: reference('model'),
  /** Which of its hosts a router asks. */
  provider: note,
  transforms: list(note),
  /** A model, instructions and settings that are kept elsewhere. */
  preset: reference('preset'),
  cache_salt: note,
  request_id: note,
  session_id: note,
  /** Routers put it over the request, whatever was judged there. */
  extra_body: refused('request.extra_body'),
  /** Text in an alphabet that is the model's alone. */
  prompt_embeds: refused('request.opaque_tokens'),
};

/** Run by the router: what they find goes into the prompt. */
const plugin: Reader = (node, _place, out) => {
  const name = findString(node, 'id') ?? 'plugin';
  addTool({ entry: node, core: node, name, kind: name }, out);
};

/** Switches of the server's own template: lists and objects among them could be turns and tools that nobody judged. */
const switches = map(
  byKind({
    string: note,
    number: plain,
    literal: plain,
    array: refused('request.chat_template_kwargs_type'),
    object: refused('request.chat_template_kwargs_type'),
  }),
);

/** Of chats alone. */
export const chatting: Fields = {
  documents: documents(documentText),
  plugins: list(plugin),
  /** A program that puts the turns together, and may put anything together from them. */
  chat_template: refused('request.chat_template'),
  chat_template_kwargs: switches,
  add_generation_prompt: plain,
  continue_final_message: plain,
  echo: plain,
  reasoning: object({
    effort: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
    max_tokens: plain,
    exclude: plain,
    enabled: plain,
  }),
  include_reasoning: plain,
  thinking: object({ type: oneOf('enabled', 'disabled', 'adaptive', 'auto'), budget_tokens: plain }),
  thinking_token_budget: plain,
  enable_thinking: plain,
  thinking_budget: plain,
};
