// Where an exchange goes and in which language it is spoken.

export type Provider = 'openai' | 'anthropic';

export type Dialect = 'openai-chat' | 'anthropic-messages';

/** One entry of the closed registry of operations that Postern understands. */
export interface Operation {
  readonly dialect: Dialect;
  /** OpenTelemetry's `gen_ai.operation.name`. */
  readonly name: 'chat';
  readonly method: 'POST';
  /** The path behind the upstream's base URL. */
  readonly path: string;
}

export interface Upstream {
  /** The name in the configuration, and the first segment of the local path. */
  readonly name: string;
  readonly provider: Provider;
  readonly url: URL;
}

export interface Route {
  readonly upstream: Upstream;
  readonly operation: Operation;
}
