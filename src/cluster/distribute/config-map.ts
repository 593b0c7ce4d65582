// A ConfigMap as the API server has it in; whether it holds policies, and of what kinds its keys may be, out.
import { err, ok, type Result } from '../../lib/result.ts';
import type { KubeObject } from '../reflect/index.ts';

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

export type Labels = Readonly<Record<string, string>>;

const REGO = ['rego'];
const DATA = ['json', 'yaml', 'yml'];

/** Label -> value -> endings of keys. */
const OWN: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'postern.dev/policy': { rego: [...REGO, ...DATA] },
  'postern.dev/data': { json: ['json'], yaml: ['yaml', 'yml'] },
};
/** As kube-mgmt reads them. With other values they are none of ours. */
const ALIASES: typeof OWN = {
  'openpolicyagent.org/policy': { rego: REGO },
  'openpolicyagent.org/data': { opa: DATA },
};

/** A label selector each, of the ConfigMaps that may hold policies: selectors know no “or”. */
export const POLICY_SELECTORS: readonly string[] = [
  ...Object.keys(OWN),
  ...Object.entries(ALIASES).map(([label, values]) => `${label}=${Object.keys(values).join()}`),
];

/** `namespace/name`. */
export const nameOf = ({ metadata: { namespace = '', name } }: KubeObject): string => `${namespace}/${name}`;

export const holdsPolicies = ({ metadata: { labels = {} } }: KubeObject): boolean =>
  Object.keys(OWN).some((label) => Object.hasOwn(labels, label)) || endingsBy(ALIASES, labels).length > 0;

const TESTS = /_(?:test\.rego|cases\.(?:json|yaml|yml))$/;

/** Whether a file or key is there for tests alone. */
export const isTest = (name: string): boolean => TESTS.test(name);

export const holdsTests = ({ data = {} }: Pick<ConfigMap, 'data'>): boolean => Object.keys(data).some(isTest);

/** The endings that its keys may have; the error says which label is not understood. */
export function readLabels({ metadata: { labels = {} } }: KubeObject): Result<ReadonlySet<string>, string> {
  for (const [label, values] of Object.entries(OWN)) {
    const value = labels[label];
    if (value !== undefined && !Object.hasOwn(values, value))
      return err(`The label ${label} must be ${Object.keys(values).join(' or ')}.`);
  }
  return ok(new Set([...endingsBy(OWN, labels), ...endingsBy(ALIASES, labels)]));
}

function endingsBy(table: typeof OWN, labels: Labels): readonly string[] {
  return Object.entries(table).flatMap(([label, values]) => {
    const value = labels[label];
    return value !== undefined && Object.hasOwn(values, value) ? (values[value] ?? []) : [];
  });
}
