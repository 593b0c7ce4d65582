// Where keys of providers are that only the sidecar is to hold: the annotation in, and which containers hold them all the same out.
import type { ConfiguredUpstream } from '../../config/index.ts';
import { suggestNearest } from '../../lib/nearest.ts';
import { quote } from './quote.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { isObject, listAt, objectAt, textAt, type Json } from './json.ts';
import { itemsOf } from './values.ts';
import type { Container, Pod } from './pod.ts';

export interface Credentials {
  readonly secret: string;
  /** Each the name of a key in the Secret. */
  readonly upstreams: readonly string[];
}

const SECRET = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** `<secret>`, or `<secret>:<upstream>,<upstream>`; without names, every upstream that has no key of its own. */
export function parseCredentials(
  text: string,
  upstreams: readonly ConfiguredUpstream[],
): Result<Credentials, string> {
  const [secret = '', names, ...more] = text.split(':');
  if (!SECRET.test(secret) || more.length > 0)
    return err('it is to be the name of a Secret, or <secret>:<upstream>,<upstream>');
  const open = upstreams.filter(({ isBound }) => isBound !== true).map(({ name }) => name);
  if (names === undefined) return ok({ secret, upstreams: open });
  const asked = [...new Set(itemsOf(names))];
  const odd = asked.find((name) => !open.includes(name));
  if (odd === undefined && asked.length > 0) return ok({ secret, upstreams: asked });
  return err(`there is no upstream ${quote(odd ?? '')} that lacks a key${suggestNearest(odd ?? '', open)}`);
}

/** Whoever has the key can go round. */
export function holdersOf(secret: string, { spec, containers }: Pod): readonly Container[] {
  const volumes = listAt(spec, 'volumes').filter((volume) => holds(volume, secret));
  const names = volumes.flatMap((volume) => textAt(volume, 'name') ?? []);
  return containers.filter(
    ({ raw }) =>
      namesSecret(raw['env'], secret) ||
      namesSecret(raw['envFrom'], secret) ||
      ['volumeMounts', 'volumeDevices'].some((list) =>
        listAt(raw, list).some((mount) => names.includes(textAt(mount, 'name') ?? '')),
      ),
  );
}

const holds = (volume: Json, secret: string): boolean =>
  textAt(objectAt(volume, 'secret'), 'secretName') === secret ||
  listAt(objectAt(volume, 'projected'), 'sources').some(
    (source) => textAt(objectAt(source, 'secret'), 'name') === secret,
  );

/** In an entry of `env` or `envFrom`, wherever it refers to a Secret. */
const namesSecret = (entries: unknown, secret: string): boolean =>
  Array.isArray(entries) &&
  entries.filter(isObject).some((entry) => {
    const key = objectAt(objectAt(entry, 'valueFrom'), 'secretKeyRef');
    return [key, objectAt(entry, 'secretRef')].some((reference) => textAt(reference, 'name') === secret);
  });
