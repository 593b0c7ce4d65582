// An upstream in; the variable by which official SDKs are pointed at it, and the path that they expect there, out.
import type { Provider, Upstream } from '../exchange/index.ts';

export interface BaseUrl {
  readonly variable: string;
  /** What SDKs expect behind the upstream's root. */
  readonly suffix: string;
}

/** Providers that are not here have no such variable. */
const BASE_URLS: Partial<Record<Provider, BaseUrl>> = {
  openai: { variable: 'OPENAI_BASE_URL', suffix: '/v1' },
  anthropic: { variable: 'ANTHROPIC_BASE_URL', suffix: '' },
  azure: { variable: 'AZURE_OPENAI_ENDPOINT', suffix: '' },
  gemini: { variable: 'GOOGLE_GEMINI_BASE_URL', suffix: '' },
  bedrock: { variable: 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME', suffix: '' },
  cohere: { variable: 'CO_API_URL', suffix: '' },
  ollama: { variable: 'OLLAMA_HOST', suffix: '' },
};

export const baseUrlFor = (provider: Provider): BaseUrl | null => BASE_URLS[provider] ?? null;

export interface Pointer {
  readonly variable: string;
  /** Name of the upstream, and what follows it. */
  readonly path: string;
}

/** Of several upstreams of one provider, the one that bears its name; without one, the first. */
export function pointersTo(upstreams: Iterable<Pick<Upstream, 'name' | 'provider'>>): readonly Pointer[] {
  const groups = Map.groupBy(upstreams, ({ provider }) => provider);
  return [...groups].flatMap(([provider, group]) => {
    const base = baseUrlFor(provider);
    const chosen = group.find(({ name }) => name === provider) ?? group[0];
    if (base === null || chosen === undefined) return [];
    return [{ variable: base.variable, path: `/${chosen.name}${base.suffix}` }];
  });
}
