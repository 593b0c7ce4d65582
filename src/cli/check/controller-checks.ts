// Whether the controller is up, led, reachable and of this version.
import { VERSION } from '../../config/index.ts';
import { failed, failedIf, given, ok, warningIf, type Finding, type Section } from './check.ts';
import type { Deployment, Lease } from './objects.ts';

const missing = (platform: string): Finding =>
  failed(`there is none in ${platform}; say where it is with --platform`);

export const CONTROLLER: Section = {
  title: 'Controller',
  checks: [
    {
      id: 'controller-ready',
      title: 'every replica of the controller is ready',
      mend: 'While none is ready, pods that are opted in do not start, and no edit of a policy reaches a pod; what runs goes on with the policies it has. Look at `kubectl describe pod` and the logs of the Deployment.',
      judge: ({ deployments, platform }) =>
        given(deployments, (found) =>
          found.length === 0 ? missing(platform) : failedIf(found.flatMap(unready), describeReplicas(found)),
        ),
    },
    {
      id: 'controller-version',
      title: 'it is of the version of this command line',
      mend: 'Checks know the controller of their own version best. Use the command line that came with the chart.',
      judge: ({ deployments }) =>
        given(deployments, (found) =>
          warningIf(
            found
              .map(({ metadata }) => metadata.labels?.['app.kubernetes.io/version'] ?? 'unknown')
              .filter((version) => version !== VERSION)
              .map((version) => `the controller is ${version}, this is ${VERSION}`),
            VERSION,
          ),
        ),
    },
    {
      id: 'controller-leader',
      title: 'one replica leads',
      mend: 'Only the replica that holds the Lease writes: without one nothing is told, and certificates are not renewed. Look for errors about the Lease in the logs; clocks that differ by many seconds are a cause.',
      judge: ({ leases, nowMs }) => given(leases, (found) => judgeLease(found.filter(isOurs), nowMs)),
    },
    {
      id: 'controller-reachable',
      title: 'its Service has endpoints',
      mend: 'The API server and sidecars come by the Service. Without ready endpoints see `controller-ready`; if there are endpoints and reviews time out, a firewall or NetworkPolicy stands between the API server and port 8443 of the pods, or between sidecars and 8444.',
      judge: ({ slices }) =>
        given(slices, (found) => {
          const endpoints = found.flatMap((slice) => slice.endpoints ?? []);
          const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
          return ready > 0 ? ok(`${String(ready)} ready`) : failed('it has none that is ready');
        }),
    },
  ],
};

const unready = ({ metadata, spec, status }: Deployment): readonly string[] => {
  const wanted = spec?.replicas ?? 1;
  const ready = Math.min(status?.readyReplicas ?? 0, status?.updatedReplicas ?? 0);
  return wanted > 0 && ready >= wanted
    ? []
    : [`${metadata.name}: ${String(ready)} of ${String(wanted)} are ready`];
};

const describeReplicas = (found: readonly Deployment[]): string =>
  found.map(({ spec }) => `${String(spec?.replicas ?? 1)} ready`).join(', ');

/** The chart calls it after itself. */
const isOurs = ({ metadata }: Lease): boolean => metadata.name.endsWith('-controller');

function judgeLease([lease]: readonly Lease[], nowMs: number): Finding {
  const { holderIdentity = '', renewTime = '', leaseDurationSeconds = 15 } = lease?.spec ?? {};
  if (holderIdentity === '') return failed('nobody holds the Lease');
  const ageS = Math.round((nowMs - Date.parse(renewTime)) / 1000);
  return ageS <= 2 * leaseDurationSeconds
    ? ok(holderIdentity)
    : failed(`${holderIdentity} has not renewed the Lease for ${String(ageS)} s`);
}
