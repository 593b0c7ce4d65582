// Annotations of a pod, and of its namespace where the pod has none, in; what is wished of its sidecar, or the first wish that cannot be, out.
import type { InjectionMode, InjectionSettings } from '../../config/index.ts';
import { suggestNearest } from '../../lib/nearest.ts';
import { parseQuantity } from '../../lib/quantity.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { quote } from './quote.ts';
import { PREFIX } from './names.ts';
import { parseCredentials, type Credentials } from './credentials.ts';
import type { Setting } from './keys.ts';
import type { Namespace, Pod } from './pod.ts';
import { parseContainers, parseMode, parseNetworks, parsePorts } from './values.ts';

export interface Wishes {
  readonly interception: InjectionMode;
  readonly includedPorts: readonly number[];
  readonly excludedPorts: readonly number[];
  readonly excludedNetworks: readonly string[];
  readonly resources: InjectionSettings['resources'];
  readonly image: string;
  /** Application containers that are left as they are. */
  readonly skipped: readonly string[];
  readonly credentials: Credentials | null;
  /** What it would be without a word of the pod. */
  readonly inherited: Pick<Wishes, 'interception' | 'credentials'>;
}

export interface Asking {
  readonly pod: Pod;
  readonly namespace: Namespace;
  readonly settings: InjectionSettings;
}

export function readWishes(asking: Asking): Result<Wishes, string> {
  try {
    return ok(read(asking));
  } catch (error) {
    if (error instanceof BadWish) return err(error.message);
    throw error;
  }
}

/** Thrown and caught in this file alone: one of many annotations ends the reading. */
class BadWish extends Error {}

function read({ pod, namespace, settings }: Asking): Wishes {
  type Parse<T> = (text: string) => Result<T, string>;
  const said = <T>(setting: Setting, parse: Parse<T>, whose: 'pod' | 'namespace'): T | undefined => {
    const key = `${PREFIX}${setting}`;
    const { annotations } = whose === 'pod' ? pod : namespace;
    const text = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
    if (text === undefined) return undefined;
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    throw new BadWish(`the annotation ${key} of the ${whose} is ${quote(text)}: ${parsed.error}`);
  };
  const inherit = <T>(setting: Setting, parse: Parse<T>, none: T): T =>
    said(setting, parse, 'namespace') ?? none;
  const wish = <T>(setting: Setting, parse: Parse<T>, none: T): T =>
    said(setting, parse, 'pod') ?? inherit(setting, parse, none);
  const { requests, limits } = settings.resources;
  const parseSecret = (text: string): Result<Credentials, string> =>
    parseCredentials(text, settings.sidecar.upstreams);
  return {
    interception: wish('interception', parseMode, settings.interception),
    inherited: {
      interception: inherit('interception', parseMode, settings.interception),
      credentials: inherit<Credentials | null>('credentials-secret', parseSecret, null),
    },
    includedPorts: wish('include-outbound-ports', parsePorts, []),
    excludedPorts: wish('exclude-outbound-ports', parsePorts, []),
    excludedNetworks: wish('exclude-outbound-cidrs', parseNetworks, []),
    resources: checkResources({
      requests: {
        cpu: wish('proxy-cpu-request', parseAmount, requests.cpu),
        memory: wish('proxy-memory-request', parseAmount, requests.memory),
      },
      limits: {
        cpu: wish('proxy-cpu-limit', parseAmount, limits.cpu),
        memory: wish('proxy-memory-limit', parseAmount, limits.memory),
      },
    }),
    image: wish('proxy-image', (text) => parseImage(text, settings), settings.image.reference),
    skipped: wish('skip-containers', (text) => parseContainers(text, pod), []),
    credentials: wish<Credentials | null>('credentials-secret', parseSecret, null),
  };
}

const parseAmount = (text: string): Result<string, string> =>
  (parseQuantity(text) ?? 0) > 0 ? ok(text) : err('it is to be an amount such as "500m" or "256Mi"');

/** What a pod asks for may not be more than it may use, whoever said which. */
function checkResources(resources: Wishes['resources']): Wishes['resources'] {
  for (const name of ['cpu', 'memory'] as const) {
    const [request, limit] = [resources.requests[name], resources.limits[name]];
    if ((parseQuantity(request) ?? 0) > (parseQuantity(limit) ?? 0))
      throw new BadWish(
        `the sidecar would request ${request} of ${name}, and be limited to ${limit}: set ${PREFIX}proxy-${name}-limit as well`,
      );
  }
  return resources;
}

function parseImage(text: string, { image }: InjectionSettings): Result<string, string> {
  const allowed = [image.reference, ...image.allowed];
  if (allowed.includes(text)) return ok(text);
  return err(`the controller does not allow this image${suggestNearest(text, allowed)}`);
}
