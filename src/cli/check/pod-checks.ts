// Whether the pods that are to have a sidecar have one, of this version, that is ready.
import { isOurImage } from '../../cluster/admit/index.ts';
import { VERSION } from '../../config/index.ts';
import type { KubeObject } from '../../cluster/reflect/index.ts';
import { failedIf, given, warningIf, type Finding, type Section } from './check.ts';
import type { Facts } from './facts.ts';
import type { Pod } from './objects.ts';

/** Sidecars of so many minor versions back are served. */
const OLDEST_BACK = 2;
const SIDECAR = 'postern';
const OURS: readonly string[] = [SIDECAR, 'postern-init'];
const INJECT = 'postern.dev/inject';
const REQUIRE = 'postern.dev/require';
const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

const alive = (facts: Facts, judge: (pods: readonly Pod[]) => Finding): Finding =>
  given(facts.pods, (pods) => judge(pods.filter(({ status }) => !ENDED.has(status?.phase ?? ''))));

export const PODS: Section = {
  title: 'Pods',
  checks: [
    {
      id: 'pods-injected',
      title: 'every pod that is opted in has a sidecar',
      mend: 'Pods get theirs when they are made. Those that ran before: `kubectl rollout restart` their workload. A pod that was skipped says why in an Event; `postern explain pod -f` says it beforehand.',
      judge: (facts) =>
        given(facts.namespaces, (namespaces) =>
          alive(facts, (pods) => {
            const opted = new Set(namespaces.filter(isOptedIn).map(({ metadata }) => metadata.name));
            const bare = pods.filter((pod) => wantsSidecar(pod, opted) && !hasSidecar(pod));
            return warningIf(bare.map(nameOf), `${String(pods.filter(hasSidecar).length)} with a sidecar`);
          }),
        ),
    },
    {
      id: 'labels-understood',
      title: 'labels of namespaces say yes or no',
      mend: 'Any other value than `enabled`, `disabled`, `true` and `false` is no yes to the API server, which then does not ask the injector; admission policies refuse the pods. Correct the label.',
      judge: ({ namespaces }) =>
        given(namespaces, (all) =>
          failedIf(all.flatMap((each) => SWITCHES.flatMap((key) => oddIn(each, key)))),
        ),
    },
    {
      id: 'pods-genuine',
      title: 'every sidecar runs an image of Postern',
      mend: 'A container that is only called `postern` judges nothing. What it may run stands in the controller’s settings (`image`, `injection.allowedImages` and `injection.previousImages` of the chart). Find out who changed it (the audit log of the API server), and delete the pod.',
      judge: (facts) =>
        given(facts.images, (images) =>
          alive(facts, (pods) => {
            const isOurs = (image: string): boolean => images.some((settings) => isOurImage(image, settings));
            return failedIf(
              pods.flatMap((pod) =>
                imagesOf(pod)
                  .filter((image) => !isOurs(image))
                  .map((image) => `${nameOf(pod)} runs ${image}`),
              ),
            );
          }),
        ),
    },
    {
      id: 'pods-supported',
      title: 'no sidecar is too old for the controller',
      mend: 'The controller serves sidecars of two minor versions back. Restart the workloads, and their pods get new ones.',
      judge: (facts) =>
        alive(facts, (pods) =>
          failedIf(
            pods
              .filter((pod) => isInjected(pod) && isTooOld(versionOf(pod)))
              .map((pod) => `${nameOf(pod)} has ${versionOf(pod)}`),
          ),
        ),
    },
    {
      id: 'pods-current',
      title: 'every sidecar is of this version',
      mend: 'After an upgrade sidecars change with their pods. Restart the workloads when it suits.',
      judge: (facts) =>
        alive(facts, (pods) =>
          warningIf(
            pods
              .filter((pod) => isInjected(pod) && versionOf(pod) !== VERSION)
              .map((pod) => `${nameOf(pod)} has ${versionOf(pod)}`),
          ),
        ),
    },
    {
      id: 'pods-ready',
      title: 'every sidecar is up',
      mend: 'A sidecar that is not ready refuses everything. `kubectl logs POD -c postern` says why; the body of its `/readyz` does, too.',
      judge: (facts) =>
        alive(facts, (pods) =>
          failedIf(
            pods
              .filter(({ metadata, status }) => status?.phase === 'Running' && !metadata.deletionTimestamp)
              .filter(isDown)
              .map(nameOf),
          ),
        ),
    },
  ],
};

const SWITCHES = [INJECT, REQUIRE, 'postern.dev/allow-exclusions'];

function oddIn({ metadata: { name, labels = {} } }: KubeObject, key: string): readonly string[] {
  const value = labels[key];
  if (value === undefined || isTrue(value) || value === 'disabled' || value === 'false') return [];
  return [`${name} has ${key}=${value}`];
}

const isTrue = (value: string | undefined): boolean => value === 'enabled' || value === 'true';

const isOptedIn = ({ metadata }: KubeObject): boolean =>
  isTrue(metadata.labels?.[INJECT]) || isTrue(metadata.labels?.[REQUIRE]);

/** The pod's word comes before its namespace's. */
function wantsSidecar({ metadata }: Pod, opted: ReadonlySet<string>): boolean {
  const own = metadata.labels?.[INJECT] ?? metadata.annotations?.[INJECT];
  return own === undefined ? opted.has(metadata.namespace ?? '') : isTrue(own);
}

export const hasSidecar = ({ spec }: Pod): boolean =>
  spec?.initContainers?.some(({ name }) => name === SIDECAR) === true;

const imagesOf = ({ spec }: Pod): readonly string[] =>
  (spec?.initContainers ?? []).filter(({ name }) => OURS.includes(name)).map(({ image = '' }) => image);

/** A sidecar that somebody wrote into a manifest is of the version that stands there. */
const isInjected = ({ metadata }: Pod): boolean => metadata.labels?.['postern.dev/injected'] === 'true';

export const nameOf = ({ metadata: { namespace = '', name } }: KubeObject): string => `${namespace}/${name}`;

const versionOf = ({ metadata }: Pod): string => metadata.labels?.['postern.dev/proxy-version'] ?? 'unknown';

/** What is not a version is not known to be served. */
function isTooOld(version: string): boolean {
  const [own, other] = [VERSION, version].map((text) => /^(\d+)\.(\d+)\./.exec(text)?.slice(1).map(Number));
  if (own === undefined || other === undefined) return true;
  return own[0] !== other[0] || (own[1] ?? 0) - (other[1] ?? 0) > OLDEST_BACK;
}

const isDown = ({ spec, status }: Pod): boolean =>
  spec?.initContainers?.some(({ name }) => name === SIDECAR) === true &&
  status?.initContainerStatuses?.some(({ name, ready }) => name === SIDECAR && ready === true) !== true;
