// What the tests ask of an SDK, whatever its language, and what it made of the answer.

export interface Question {
  readonly sdk: string;
  /** Of the sidecar. */
  readonly base: string;
  readonly prompt: string;
  readonly stream: boolean;
  readonly tool: boolean;
}

/** A call of a tool: its name, and its arguments as they came. */
export type HeardCall = readonly [name: string, values: string];

export interface Heard {
  readonly text?: string;
  readonly refusal?: string | null;
  readonly finish?: string | null;
  /** Whatever surfaced of a call, be it only its beginning. */
  readonly calls?: readonly HeardCall[];
  /** Those that the SDK carried out by itself, as agents have it. */
  readonly ran?: readonly HeardCall[];
  readonly error?: {
    readonly class: string;
    readonly status: unknown;
    readonly message: string;
  };
}

export const KEY = 'k';
export const SCHEMA = {
  type: 'object' as const,
  properties: { command: { type: 'string' as const } },
  required: ['command'],
};
export const TOOL = 'delete_mailbox';
