// A request with whatever its caller vouched with in; its headers with the key that Postern alone holds out.
import type { ConfiguredUpstream } from '../../config/index.ts';
import type { CredentialHeader, Provider } from '../../exchange/index.ts';
import { parseKey } from '../../lib/key.ts';
import { dropCallers, type Vouch } from './vouch.ts';
import { WatchedFile } from './watched-file.ts';

/** Where a provider looks for a key; all others take a bearer token. */
const HEADERS: Partial<Record<Provider, CredentialHeader>> = {
  anthropic: 'x-api-key',
  azure: 'api-key',
  gemini: 'x-goog-api-key',
};

/** Null where there is no key of ours. @throws PosternError POSTERN_E_CREDENTIALS when there should be one. */
export function openKey({ provider, credential }: ConfiguredUpstream): Vouch | null {
  if (credential === null) return null;
  const file = new WatchedFile(credential.file, requireKey);
  file.read();
  const name = credential.header ?? HEADERS[provider] ?? 'authorization';
  const scheme = name === 'authorization' ? 'Bearer ' : '';
  return ({ headers }) => ({ ...dropCallers(headers), [name]: `${scheme}${file.read()}` });
}

function requireKey(text: string): string {
  const key = parseKey(text);
  if (key === null) throw new Error('it is to hold one key: 1 to 8192 visible ASCII characters');
  return key;
}
