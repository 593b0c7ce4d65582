// What the tests ask of an MCP client, and what came of it.

export interface McpWish {
  /** Of the server, or of the sidecar before it. */
  readonly url: string;
  /** For the tool to say again. */
  readonly text: string;
  /** What the tool says instead. */
  readonly answer?: string;
  /** How the server describes its tool. */
  readonly offered?: string;
}

export interface McpHeard {
  readonly tools?: readonly string[];
  readonly text?: string;
  /** With what the tool was called at the server. */
  readonly ran: readonly string[];
  readonly error?: {
    readonly class: string;
    readonly code: unknown;
    readonly data: unknown;
    readonly message: string;
  };
}
