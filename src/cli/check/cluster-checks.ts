// Whether a cluster can have Postern.
import { failed, failedIf, given, ok, skipped, type Section } from './check.ts';

const FLOOR = 30;

export const CLUSTER: Section = {
  title: 'Kubernetes',
  checks: [
    {
      id: 'kubernetes-version',
      title: `Kubernetes is 1.${String(FLOOR)} or newer`,
      mend: 'Sidecars that start before the application and admission policies in the API server are there from 1.30 on; nothing older can be supported. Update the cluster.',
      judge: ({ version }) =>
        given(version, ({ gitVersion = '', major = '', minor = '' }) => {
          const number = Number.parseInt(minor, 10);
          const isNew = Number(major) > 1 || (major === '1' && number >= FLOOR);
          return isNew ? ok(gitVersion) : failed(`it is ${gitVersion === '' ? 'unknown' : gitVersion}`);
        }),
    },
    {
      id: 'admission-policies-served',
      title: 'the API server serves ValidatingAdmissionPolicies',
      mend: 'They are the second lock: what holds while every replica of the controller is down. Do not disable `admissionregistration.k8s.io/v1` in the API server.',
      judge: ({ admissionApi }) =>
        given(admissionApi, ({ resources = [] }) =>
          resources.some(({ name }) => name === 'validatingadmissionpolicies')
            ? ok()
            : failed('it does not serve them'),
        ),
    },
  ],
};

export const BEFORE: Section = {
  title: 'Installing',
  checks: [
    {
      id: 'install-rights',
      title: 'you may make what the chart holds',
      mend: 'Installing takes rights on the whole cluster: webhooks, roles and admission policies. Have somebody install it who has them, e.g. with `cluster-admin`.',
      judge({ installRights }) {
        const missing = installRights.filter(({ isAllowed }) => isAllowed === false);
        if (installRights.some(({ isAllowed }) => isAllowed === null))
          return skipped('the API server does not say');
        return failedIf(missing.map(({ what }) => `you may not ${what}`));
      },
    },
    {
      id: 'install-once',
      title: 'no other Postern is there',
      mend: 'Two installations would both want to inject pods. Remove the other one (`helm list -A`), or upgrade it instead.',
      judge: ({ mutating }) =>
        given(mutating, (found) =>
          failedIf(found.map(({ metadata }) => `${metadata.name} is installed already`)),
        ),
    },
  ],
};
