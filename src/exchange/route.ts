// Where an exchange goes and in which language it is spoken.

export type Provider =
  | 'openai'
  | 'anthropic'
  | 'azure'
  | 'gemini'
  | 'vertex'
  | 'ollama'
  | 'bedrock'
  | 'mcp'
  | 'mistral'
  | 'cohere'
  | 'openai-compatible';

export type Dialect =
  | 'openai-chat'
  | 'openai-responses'
  | 'openai-input-tokens'
  | 'openai-completions'
  | 'openai-embeddings'
  | 'openai-moderations'
  | 'openai-images'
  | 'openai-image-edits'
  | 'openai-speech'
  | 'openai-transcripts'
  | 'openai-models'
  | 'openai-files'
  | 'openai-file-content'
  | 'openai-batches'
  | 'anthropic-messages'
  | 'anthropic-count-tokens'
  | 'anthropic-models'
  | 'anthropic-batches'
  | 'anthropic-batch-results'
  | 'gemini'
  | 'gemini-count-tokens'
  | 'gemini-embeddings'
  | 'gemini-models'
  | 'ollama-chat'
  | 'ollama-generate'
  | 'ollama-embed'
  | 'ollama-facts'
  | 'bedrock-converse'
  | 'bedrock-messages'
  | 'mcp'
  | 'mistral-chat'
  | 'cohere-chat'
  | 'mistral-fim';

/** How a streaming answer is cut into events. */
export type FramingName = 'sse' | 'ndjson' | 'json_array' | 'eventstream' | 'chunks';

/** One entry of the closed registry of operations that Postern understands. */
export interface Operation {
  readonly dialect: Dialect;
  /** OpenTelemetry's `gen_ai.operation.name`, or in its manner where the conventions have none. */
  readonly name:
    | 'chat'
    | 'text_completion'
    | 'generate_content'
    | 'embeddings'
    | 'count_tokens'
    | 'moderation'
    | 'files'
    | 'batches'
    | 'models'
    | 'mcp';
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** The path behind the upstream's base URL, with its query; `{model}` and other names in braces stand for a value, `{model:aws}` for one as AWS has it, `{model:claude}` for one of Anthropic's there. */
  readonly path: string;
  /** What its request brings; JSON where nothing is said. */
  readonly body?: 'json' | 'form' | 'none';
  /** SDKs do not say of its request that it is JSON; it goes on as such. */
  readonly isUntyped?: true;
  /** Of a whole answer that is no error; JSON where nothing is said. */
  readonly answer?: 'file' | 'sound';
  /** Its answer may be nothing but a status that says that all is well. */
  readonly isAcknowledged?: true;
  /** Whether the answer streams, where the operation says so instead of the body. */
  readonly stream?: boolean;
  /** Of its streaming answers; `sse` where nothing is said. */
  readonly framing?: FramingName;
}

/** What a request's target says where the path of its operation leaves room. */
export interface Address {
  /** The path as it was asked for, byte for byte. */
  readonly path: string;
  /** The model that the upstream will honour, whatever the body says. */
  readonly model?: string;
}

/** A host, in the spelling that is compared, and a port. */
export interface Authority {
  readonly host: string;
  readonly port: number;
}

/** How an exchange came in, and what names its upstream: the first segment of the path, or the host that was meant. */
export type Entrance =
  | { readonly mode: 'env' }
  | ({ readonly mode: 'proxy' | 'hosts' | 'redirect' } & Authority);

export type InterceptionMode = Entrance['mode'];

/** What it takes to go round: an application that does not ask for us; one that knows addresses; the kernel's consent. */
export const GRADES = {
  env: 'cooperative',
  proxy: 'cooperative',
  hosts: 'guarded',
  redirect: 'enforced',
} as const satisfies Readonly<Record<InterceptionMode, string>>;

/** Of an exchange: `bound` where going round leads to an upstream that nobody else has credentials for. */
export type Grade = (typeof GRADES)[InterceptionMode] | 'bound';

export interface Upstream {
  /** The name in the configuration, and the first segment of the local path. */
  readonly name: string;
  readonly provider: Provider;
  readonly url: URL;
  /** What applications know it as, where that is more than the host of its URL. */
  readonly hosts?: readonly Authority[];
  /** It is reached by credentials that Postern alone holds; what callers vouch with is dropped. */
  readonly isBound?: true;
}

export interface Route {
  readonly upstream: Upstream;
  readonly operation: Operation;
  /** Only of operations whose path leaves room. */
  readonly address?: Address;
  /** Between the fields of the form that is its request's body. */
  readonly boundary?: string;
  /** Its caller signed the request's body: nobody else can edit it. */
  readonly isSigned?: true;
  /** Which credential its caller sent, by a salted hash; absent where none. */
  readonly credentialId?: string;
}
