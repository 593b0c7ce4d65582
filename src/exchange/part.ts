// What a message is made of. A part is the smallest thing a policy can speak about.

/** Half-open range of bytes in a body: `[start, end)`. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** Who stands behind a turn. Only `system` and `developer` carry the operator's trust; `tool` and `document` are data. */
export type Origin = 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'document' | 'unknown';

export type PartKind = 'text' | 'reasoning' | 'refusal' | 'tool_call' | 'tool_result' | 'media';

export interface Part {
  /** Index of the turn in the conversation, from 0; -1 for text that stands outside every turn. */
  readonly turn: number;
  /** The role as it stood on the wire. */
  readonly role: string;
  readonly origin: Origin;
  /** One sequence of text that a client joins together: `<choice>.<block>.<kind>`, `metadata`, `unknown`, or `unknown_name`. */
  readonly lane: string;
  readonly kind: PartKind;
  /** The name of the tool that is called or that answers. */
  readonly name?: string;
  /** The unescaped text. For a tool call: every key and string leaf of its arguments, a line each. */
  readonly text: string;
  /** The JSON string literal (quotes included) that holds `text`; null where an edit in place would not be exact. */
  readonly at: ByteSpan | null;
  /** The parsed arguments of a tool call, when they were JSON. */
  readonly arguments?: unknown;
  /** Media type of a part whose content was not read, e.g. `image/png`. */
  readonly media?: string;
}

/** A tool that is offered to the model. `kind` is `function` or the name of a hosted tool, e.g. `code_interpreter`. */
export interface Tool {
  readonly name: string;
  readonly kind: string;
  /** The label of the MCP server that defines it, where a message lists the tools of more than one. */
  readonly server?: string;
  /** SHA-256 (hex) of the canonical form (RFC 8785) of what models read: `{name, description, inputSchema}` in every dialect. */
  readonly sha256: string;
  /** Of all of its definition but credentials and marks for caches. */
  readonly wholeSha256: string;
}

/** Content that is named, not sent: a URL, a file id, the id of an earlier response. */
export interface Reference {
  readonly kind: string;
  readonly value: string;
  readonly origin: Origin;
}

/** How much of a body was understood. All but `unknownFields` are bytes of the body as sent. */
export interface Coverage {
  readonly bytes: number;
  readonly judged: number;
  readonly opaque: number;
  readonly unknownFields: number;
}

/** Ceilings the caller asked for, by their snake_case name, e.g. `max_output_tokens`, `n`. */
export type Limits = Readonly<Record<string, number>>;

/** Token counts as the provider billed them. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}
