// The chunks of a streaming chat completion in; events of the vocabulary that all dialects share out.
import { chunksOf } from '../openai/chunks.ts';
import { note, object, padding } from '../read/readers.ts';
import { choicesIn } from './choices.ts';
import { identity } from './fields.ts';

export const openStream = chunksOf(
  object({ ...identity, choices: choicesIn('delta'), obfuscation: padding, prompt_filter_results: note }),
);
