// Whether the API server asks, whom it trusts, and what holds when nobody answers.
import { X509Certificate } from 'node:crypto';
import { failed, failedIf, given, ok, skipped, warningIf, type Finding, type Section } from './check.ts';
import type { Facts } from './facts.ts';
import type { PolicyBinding, Secret, WebhookConfiguration } from './objects.ts';

/** Ours are renewed when 30 days are left, and looked at every hour. */
const LEAST_DAYS = 29;
const DAY_MS = 86_400_000;

export const WEBHOOKS: Section = {
  title: 'Admission',
  checks: [
    {
      id: 'webhooks-present',
      title: 'the API server asks about pods and policies',
      mend: 'Without the webhooks no pod gets a sidecar and bad policies are not refused at apply. Apply the chart again.',
      judge: ({ mutating, validating }) =>
        given(mutating, (pods) =>
          given(validating, (policies) =>
            failedIf([
              ...(pods.length === 0 ? ['there is no MutatingWebhookConfiguration'] : []),
              ...(policies.length === 0 ? ['there is no ValidatingWebhookConfiguration'] : []),
            ]),
          ),
        ),
    },
    {
      id: 'webhooks-trust',
      title: 'it knows whom to trust',
      mend: 'The controller writes `caBundle` into its webhooks. An empty one means that it could not (see its logs), or that something takes it away again: GitOps tools have to leave the field alone (docs/gitops.md).',
      judge: (facts) =>
        eachWebhook(facts, ({ name, clientConfig: { caBundle = '' } }) =>
          authorities(caBundle).length === 0 ? [`${name} has no certificate in its caBundle`] : [],
        ),
    },
    {
      id: 'certificate-days',
      title: `the certificate is good for ${String(LEAST_DAYS)} days`,
      mend: 'Renewal is overdue: the controller renews its own when 30 days are left. Look for errors about the Secret in its logs; with `certManager` or `provided`, renew it there.',
      judge: (facts) => given(facts.secrets, (secrets) => judgeCertificate(facts, secrets)),
    },
    {
      id: 'webhooks-strict',
      title: 'pods that are opted in wait for their sidecar',
      mend: '`failurePolicy: Ignore` lets pods start without one while the controller is down; only the admission policies still refuse them. Set `webhook.failurePolicy: Fail`.',
      judge: ({ mutating }) =>
        given(mutating, (found) =>
          warningIf(
            found
              .flatMap(({ webhooks = [] }) => webhooks)
              .filter(({ failurePolicy }) => failurePolicy !== 'Fail')
              .map(({ name }) => `${name} has failurePolicy Ignore`),
          ),
        ),
    },
    {
      id: 'second-lock',
      title: 'admission policies hold when the controller does not answer',
      mend: 'Each ValidatingAdmissionPolicy of the chart needs its binding, with the action Deny. Apply the chart again, with `admissionPolicies.enabled: true`.',
      judge: ({ admissionPolicies, bindings }) =>
        given(admissionPolicies, (policies) =>
          given(bindings, (bound) => {
            if (policies.length === 0) return failed('there are none');
            const names = policies.map(({ metadata }) => metadata.name);
            return failedIf(
              names
                .filter((name) => !bound.some((each) => denies(each, name)))
                .map((name) => `${name} is not bound to deny`),
              `${String(names.length)} bound`,
            );
          }),
        ),
    },
  ],
};

const denies = ({ spec }: PolicyBinding, name: string): boolean =>
  spec?.policyName === name && spec.validationActions?.includes('Deny') === true;

type Webhook = NonNullable<WebhookConfiguration['webhooks']>[number];

const eachWebhook = (
  { mutating, validating }: Facts,
  look: (webhook: Webhook) => readonly string[],
): Finding =>
  given(mutating, (pods) =>
    given(validating, (policies) =>
      failedIf([...pods, ...policies].flatMap(({ webhooks = [] }) => webhooks).flatMap(look)),
    ),
  );

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function authorities(caBundle: string): readonly X509Certificate[] {
  try {
    return (Buffer.from(caBundle, 'base64').toString().match(PEM) ?? []).map(
      (pem) => new X509Certificate(pem),
    );
  } catch {
    return [];
  }
}

/** Of the Secrets there, those that hold a certificate that the webhooks trust. */
function judgeCertificate({ mutating, validating, nowMs }: Facts, secrets: readonly Secret[]): Finding {
  const trusted = [mutating, validating]
    .flatMap((read) => (read.ok ? read.value : []))
    .flatMap(({ webhooks = [] }) => webhooks)
    .flatMap(({ clientConfig }) => authorities(clientConfig.caBundle ?? ''));
  const served = secrets
    .flatMap(({ data }) => authorities(data?.['tls.crt'] ?? '').slice(0, 1))
    .filter((leaf) =>
      trusted.some((authority) => leaf.checkIssued(authority) && leaf.verify(authority.publicKey)),
    );
  if (secrets.length === 0) return skipped('there is no Secret of TLS to look at');
  if (served.length === 0) return failed('no certificate here is signed by whom the webhooks trust');
  const days = Math.floor((Math.max(...served.map(({ validTo }) => Date.parse(validTo))) - nowMs) / DAY_MS);
  return days >= LEAST_DAYS ? ok(`${String(days)} days`) : failed(`${String(days)} days are left`);
}
