// The official SDKs, pointed at the gate as an application's environment would point them; and what they made of an answer.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { Agent, fetch, type RequestInit } from 'undici';

export interface Clients {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
}

/** One attempt: a retry would be a surprise worth seeing. */
const ONCE = { apiKey: 'demo-key', maxRetries: 0 } as const;

export const openClients = (gate: string): Clients => ({
  openai: new OpenAI({ ...ONCE, baseURL: `${gate}/openai/v1` }),
  anthropic: new Anthropic({ ...ONCE, baseURL: `${gate}/anthropic` }),
});

/** The same calls without a gate, to tell what it adds. */
export function openDirectClients(url: string, authority: string): Clients {
  const dispatcher = new Agent({ connect: { ca: authority } });
  const reach = ((input: string, init: RequestInit) => fetch(input, { ...init, dispatcher })) as never;
  return {
    openai: new OpenAI({ ...ONCE, baseURL: `${url}/v1`, fetch: reach }),
    anthropic: new Anthropic({ ...ONCE, baseURL: url, fetch: reach }),
  };
}

/** What the application saw in the end, as text; and the id under which the gate keeps its account. */
export interface Sight {
  readonly decisionId: string;
  readonly text: string;
}

/** A typed error of the SDK becomes what the application can read off it; anything else is a failure of the demonstration. */
export function sightOfError(error: unknown): Sight {
  if (error instanceof OpenAI.APIError) return describe(error, error.code ?? error.message);
  if (error instanceof Anthropic.APIError) return describe(error, messageOf(error.error));
  throw error;
}

interface Failed extends Error {
  readonly status: number | undefined;
  readonly headers: Headers | undefined;
}

const describe = (error: Failed, detail: string): Sight => ({
  decisionId: decisionIdOf(error.headers),
  text: `${error.constructor.name} ${error.status}: ${detail}`,
});

/** Anthropic's SDK keeps the body as it came: `{type, error: {type, message}}`. */
const messageOf = (body: unknown): string =>
  (body as { error?: { message?: string } } | undefined)?.error?.message ?? '';

export const decisionIdOf = (headers: Headers | undefined): string =>
  headers?.get('x-postern-decision') ?? '';
