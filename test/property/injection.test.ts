// Whatever a pod looks like: a second injection adds nothing, what is not ours stays, and what was added can be taken out.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyOperations, isObject, withdrawFrom, type Json } from '../../src/cluster/admit/index.ts';
import { admit, NAMESPACE } from '../support/admission.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter((text) => !text.startsWith('postern'));
const variable = fc.constantFrom(
  'OPENAI_BASE_URL',
  'HTTPS_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'A',
  'JAVA_TOOL_OPTIONS',
);
const entry = fc.record({ name: variable, value: fc.string() });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.oneof({ weight: 3, arbitrary: value }, fc.constant(null), fc.constant(undefined));
const container = fc.record(
  {
    name,
    image: fc.string(),
    env: maybe(fc.uniqueArray(entry, { maxLength: 4, selector: (each) => each.name })),
    envFrom: fc.constant([{ configMapRef: { name: 'x' } }]),
    volumeMounts: maybe(fc.array(fc.record({ name, mountPath: fc.string() }), { maxLength: 2 })),
    securityContext: fc.record({ runAsUser: fc.nat(), privileged: fc.boolean() }, { requiredKeys: [] }),
    future: fc.jsonValue(),
  },
  { requiredKeys: ['name'] },
);
const containers = fc.uniqueArray(container, { maxLength: 4, selector: (each) => each.name });
const texts = maybe(fc.dictionary(name, fc.string(), { maxKeys: 2 }));
const spec = fc.record(
  {
    containers,
    initContainers: maybe(containers),
    volumes: maybe(fc.array(fc.record({ name, emptyDir: fc.constant({}) }), { maxLength: 2 })),
    hostAliases: maybe(
      fc.array(fc.record({ ip: fc.ipV4(), hostnames: fc.array(fc.domain()) }), { maxLength: 2 }),
    ),
    imagePullSecrets: maybe(fc.array(fc.record({ name }), { maxLength: 2 })),
    securityContext: maybe(
      fc.record(
        { fsGroup: fc.nat(), sysctls: maybe(fc.constant([{ name: 'a', value: '1' }])) },
        { requiredKeys: [] },
      ),
    ),
    future: fc.jsonValue(),
  },
  { requiredKeys: ['containers'] },
);
const mode = fc.constantFrom('auto', 'env', 'proxy', 'hosts', 'redirect');
const level = fc.constantFrom('privileged', 'baseline', 'restricted');
const pod = fc.record({
  metadata: maybe(fc.record({ labels: texts, annotations: texts }, { requiredKeys: [] })),
  spec,
});
const SETTINGS = { injection: { image: { pull_secrets: ['regcred'] } } };

interface Case {
  readonly before: Json;
  readonly after: Json;
  readonly again: () => unknown;
}

/** As it comes over the wire; null where it is refused. */
function inject(given: unknown, wished: string, enforced: string): Case | null {
  const before = JSON.parse(JSON.stringify(given)) as Json;
  const namespace = {
    ...NAMESPACE,
    labels: { ...NAMESPACE.labels, 'pod-security.kubernetes.io/enforce': enforced },
    annotations: { 'postern.dev/interception': wished },
  };
  const asked = { namespace, settings: SETTINGS };
  const verdict = admit({ ...asked, pod: before });
  if (verdict.kind !== 'patch') return null;
  const after = applyOperations(before, verdict.operations);
  return { before, after, again: () => admit({ ...asked, pod: after }) };
}

/** What was there is there, in its order; more may stand around it. */
function holds(before: unknown, after: unknown): boolean {
  if (before === null) return true;
  if (Array.isArray(before)) return Array.isArray(after) && holdsAll(before, after);
  if (isObject(before))
    return isObject(after) && Object.entries(before).every(([key, value]) => holds(value, after[key]));
  return before === after;
}

function holdsAll(before: readonly unknown[], after: readonly unknown[]): boolean {
  let next = 0;
  for (const each of after) if (next < before.length && holds(before[next], each)) next += 1;
  return next === before.length;
}

describe('an injection', () => {
  it('adds nothing the second time, keeps what was there, and can be taken back', () => {
    let patched = 0;
    fc.assert(
      fc.property(pod, mode, level, (given, wished, enforced) => {
        const found = inject(given, wished, enforced);
        if (found === null) return;
        patched += 1;
        expect(found.again()).toMatchObject({ kind: 'patch', operations: [] });
        expect(holds(found.before, found.after)).toBe(true);
        const bare = applyOperations(found.after, withdrawFrom(found.after) ?? []);
        expect(JSON.stringify(bare)).toBe(JSON.stringify(found.before));
      }),
      { numRuns: 300 },
    );
    expect(patched).toBeGreaterThan(50);
  });

  it('overwrites no variable that a container sets', () => {
    fc.assert(
      fc.property(pod, mode, (given, wished) => {
        const found = inject(given, wished, 'privileged');
        for (const [before, after] of found === null ? [] : pairs(found)) {
          const names = after.map((each) => each.name);
          expect(new Set(names).size).toBe(names.length);
          expect(after.slice(0, before.length)).toEqual(before);
        }
      }),
    );
  });
});

interface Entry {
  readonly name: string;
}

function pairs({ before, after }: Case): readonly (readonly [readonly Entry[], readonly Entry[]])[] {
  const envsOf = (whole: Json): readonly (readonly Entry[])[] =>
    (whole as { spec: { containers: { env?: Entry[] | null }[] } }).spec.containers.map(
      ({ env }) => env ?? [],
    );
  const late = envsOf(after);
  return envsOf(before).map((each, index) => [each, late[index] ?? []]);
}
