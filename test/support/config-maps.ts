// A short word for a ConfigMap in; the ConfigMap as the API server would tell it out.
import type { ConfigMap } from '../../src/cluster/distribute/index.ts';

export interface Told {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

const REGO_LABEL = { 'postern.dev/policy': 'rego' };

/** `name` is `<namespace>/<name>`. */
export function aConfigMap(name: string, data: Readonly<Record<string, string>>, told: Told = {}): ConfigMap {
  const [namespace = '', own = ''] = name.split('/');
  const { labels = REGO_LABEL, annotations = {}, binaryData } = told;
  return {
    metadata: { namespace, name: own, uid: `uid-${name}`, resourceVersion: '1', labels, annotations },
    data,
    ...(binaryData && { binaryData }),
  };
}

export const aPolicy = (id: string, body = 'deny contains "No." if input.stream'): string =>
  `package postern.policies.${id}\n\n${body}\n`;
