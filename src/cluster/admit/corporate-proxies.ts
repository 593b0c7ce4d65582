// The application's containers in; the ports of the proxies that their environment names, and which of these nobody can see, out.
import { listAt, textAt } from './json.ts';
import type { Container } from './pod.ts';

export interface CorporateProxies {
  readonly ports: readonly number[];
  /** Containers whose proxy stands elsewhere, in a Secret or a ConfigMap. */
  readonly hidden: readonly string[];
}

const NAME = /^(https?|all)_proxy$/i;
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'socks5:': 1080 };
const LOOPBACK = /^(localhost|127\..*|\[::1\])$/;

export function findCorporateProxies(containers: readonly Container[]): CorporateProxies {
  const entries = containers.flatMap(({ name, raw }) =>
    listAt(raw, 'env')
      .filter((entry) => NAME.test(textAt(entry, 'name') ?? ''))
      .map((entry) => ({
        name,
        value: textAt(entry, 'value') ?? '',
        isHidden: entry['valueFrom'] !== undefined,
      })),
  );
  return {
    ports: [...new Set(entries.flatMap(({ value }) => portOf(value)))],
    hidden: [...new Set(entries.filter(({ isHidden }) => isHidden).map(({ name }) => name))],
  };
}

/** What is on loopback is never redirected. */
function portOf(text: string): readonly number[] {
  const url = text === '' ? null : URL.parse(HAS_SCHEME.test(text) ? text : `http://${text}`);
  if (url === null || LOOPBACK.test(url.hostname)) return [];
  const port = url.port === '' ? DEFAULT_PORTS[url.protocol] : Number(url.port);
  return port === undefined || port === 0 ? [] : [port];
}
