// A developer's environment in; the upstreams that a command may call, with the variable that points its SDK at each, out.
import type { Provider } from '../exchange/index.ts';
import { baseUrlFor, pointersTo, type Pointer } from '../lead/index.ts';

type Row = readonly [provider: Provider, url: string];

const KNOWN: readonly Row[] = [
  ['openai', 'https://api.openai.com'],
  ['anthropic', 'https://api.anthropic.com'],
  ['gemini', 'https://generativelanguage.googleapis.com'],
  ['mistral', 'https://api.mistral.ai'],
  ['cohere', 'https://api.cohere.com'],
  ['ollama', 'http://127.0.0.1:11434'],
];

export type Environment = Readonly<Record<string, string | undefined>>;

export interface KnownUpstreams {
  /** As the configuration has them; each bears the name of its provider. */
  readonly upstreams: Readonly<Record<string, object>>;
  readonly pointers: readonly Pointer[];
}

/** Where the developer has pointed an SDK elsewhere already, that is where the upstream is. */
export function knownUpstreams(env: Environment): KnownUpstreams {
  const rows = [...KNOWN, ...azureOf(env), ...bedrockOf(env)];
  return {
    upstreams: Object.fromEntries(rows.map((row) => [row[0], { provider: row[0], ...placeOf(row, env) }])),
    pointers: pointersTo(rows.map(([provider]) => ({ name: provider, provider }))),
  };
}

const azureOf = ({ AZURE_OPENAI_ENDPOINT: url }: Environment): readonly Row[] =>
  url === undefined ? [] : [['azure', url]];

function bedrockOf({ AWS_REGION, AWS_DEFAULT_REGION }: Environment): readonly Row[] {
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  return region === undefined ? [] : [['bedrock', `https://bedrock-runtime.${region}.amazonaws.com`]];
}

const HAS_SCHEME = /^https?:\/\//;

/** Whoever names an address says that it may be private, and plain. */
function placeOf([provider, url]: Row, env: Environment): object {
  const { variable, suffix } = baseUrlFor(provider) ?? { variable: '', suffix: '' };
  const set = env[variable];
  if (set === undefined) return { url };
  const whole = HAS_SCHEME.test(set) ? set : `http://${set}`;
  const root = whole.replace(/\/+$/, '');
  return {
    url: suffix !== '' && root.endsWith(suffix) ? root.slice(0, -suffix.length) : root,
    allow_private_addresses: true,
    allow_plain_http: true,
  };
}
