// A developer's environment in; the upstreams that a command may call, with the variable that points its SDK at each, out.

interface Known {
  readonly provider: string;
  readonly url: string;
  /** The variable by which SDKs are pointed elsewhere, and what they expect behind the upstream's root. */
  readonly variable: string | null;
  readonly suffix: string;
}

const KNOWN: Readonly<Record<string, Known>> = {
  openai: { provider: 'openai', url: 'https://api.openai.com', variable: 'OPENAI_BASE_URL', suffix: '/v1' },
  anthropic: {
    provider: 'anthropic',
    url: 'https://api.anthropic.com',
    variable: 'ANTHROPIC_BASE_URL',
    suffix: '',
  },
  gemini: {
    provider: 'gemini',
    url: 'https://generativelanguage.googleapis.com',
    variable: 'GOOGLE_GEMINI_BASE_URL',
    suffix: '',
  },
  mistral: { provider: 'mistral', url: 'https://api.mistral.ai', variable: null, suffix: '' },
  cohere: { provider: 'cohere', url: 'https://api.cohere.com', variable: 'CO_API_URL', suffix: '' },
  ollama: { provider: 'ollama', url: 'http://127.0.0.1:11434', variable: 'OLLAMA_HOST', suffix: '' },
};

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Pointer {
  readonly variable: string;
  /** Name of the upstream, and what follows it. */
  readonly path: string;
}

export interface KnownUpstreams {
  /** As the configuration has them. */
  readonly upstreams: Readonly<Record<string, object>>;
  readonly pointers: readonly Pointer[];
}

/** Where the developer has pointed an SDK elsewhere already, that is where the upstream is. */
export function knownUpstreams(env: Environment): KnownUpstreams {
  const rows = [...Object.entries(KNOWN), ...azureOf(env), ...bedrockOf(env)];
  return {
    upstreams: Object.fromEntries(
      rows.map(([name, known]) => [name, { provider: known.provider, ...placeOf(known, env) }]),
    ),
    pointers: rows.flatMap(([name, { variable, suffix }]) =>
      variable === null ? [] : [{ variable, path: `/${name}${suffix}` }],
    ),
  };
}

type Row = readonly [name: string, known: Known];

function azureOf({ AZURE_OPENAI_ENDPOINT: url }: Environment): readonly Row[] {
  if (url === undefined) return [];
  return [['azure', { provider: 'azure', url, variable: 'AZURE_OPENAI_ENDPOINT', suffix: '' }]];
}

function bedrockOf({ AWS_REGION, AWS_DEFAULT_REGION }: Environment): readonly Row[] {
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  if (region === undefined) return [];
  const url = `https://bedrock-runtime.${region}.amazonaws.com`;
  return [
    ['bedrock', { provider: 'bedrock', url, variable: 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME', suffix: '' }],
  ];
}

const HAS_SCHEME = /^https?:\/\//;

/** Whoever names an address says that it may be private, and plain. */
function placeOf({ url, variable, suffix }: Known, env: Environment): object {
  const set = variable === null ? undefined : env[variable];
  if (set === undefined) return { url };
  const whole = HAS_SCHEME.test(set) ? set : `http://${set}`;
  const root = whole.replace(/\/+$/, '');
  return {
    url: suffix !== '' && root.endsWith(suffix) ? root.slice(0, -suffix.length) : root,
    allow_private_addresses: true,
    allow_plain_http: true,
  };
}
