// A part as a policy passes it in; the text that it stands for out. Policies hold no text: they hold parts.
import { TEXT_HANDLE } from '../../gate/decide/index.ts';
import type { Part } from '../../exchange/index.ts';

export type Texts = ReadonlyArray<Pick<Part, 'text'>>;

/** Null when it is no part of what is judged. */
export type FindText = (part: unknown, texts: Texts) => string | null;

export const findTextOfMessage: FindText = (part, texts) => {
  const handle = fieldOf(part, TEXT_HANDLE);
  return typeof handle === 'number' ? (texts[handle]?.text ?? null) : null;
};

/** For tests, which judge no message: there a part carries its text itself. */
export const findTextOnPart: FindText = (part) => {
  const text = fieldOf(part, 'text');
  return typeof text === 'string' ? text : null;
};

const fieldOf = (part: unknown, name: string): unknown =>
  typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[name] : undefined;
