// What a refused completion says besides its choices: of which answer it is the end, and what that cost.
import type { Usage } from '../../../exchange/index.ts';
import { findNumber, findString, type JsonObject } from '../json/index.ts';

export interface Identity {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

/** `created` is 0 where nothing says it: the time of a refusal is in the record, and this room has no clock. */
export const nameless = (id: string, model = ''): Identity => ({ id, created: 0, model });

export function identityOf(chunk: JsonObject): Identity | null {
  const id = findString(chunk, 'id');
  if (id === undefined) return null;
  return { id, created: findNumber(chunk, 'created') ?? 0, model: findString(chunk, 'model') ?? '' };
}

export const billed = ({ inputTokens = 0, outputTokens = 0 }: Usage): object => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
});
