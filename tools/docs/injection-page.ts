// The injector's tables in; docs/injection.md out.
import { writeTable } from '../../src/cli/markdown.ts';
import { decideInjection, SKIP_REASONS, type Setting } from '../../src/cluster/admit/index.ts';
import { formatIssue, parseControllerConfig } from '../../src/config/index.ts';

/** What somebody may say; `any` stands for all of them, and is tried with each. */
const SAID = { enabled: true, disabled: false, '—': null } as const;
type Said = keyof typeof SAID | 'any';

interface Row {
  readonly podLabel: Said;
  readonly podAnnotation: Said;
  readonly namespaceLabel: Said;
  readonly byDefault: Exclude<Said, '—'>;
}

const rest = { podAnnotation: 'any', namespaceLabel: 'any', byDefault: 'any' } as const;
const ROWS: readonly Row[] = [
  { ...rest, podLabel: 'enabled' },
  { ...rest, podLabel: 'disabled' },
  { ...rest, podLabel: '—', podAnnotation: 'enabled' },
  { ...rest, podLabel: '—', podAnnotation: 'disabled' },
  { podLabel: '—', podAnnotation: '—', namespaceLabel: 'enabled', byDefault: 'any' },
  { podLabel: '—', podAnnotation: '—', namespaceLabel: 'disabled', byDefault: 'any' },
  { podLabel: '—', podAnnotation: '—', namespaceLabel: '—', byDefault: 'enabled' },
  { podLabel: '—', podAnnotation: '—', namespaceLabel: '—', byDefault: 'disabled' },
];

const valuesOf = (said: Said): readonly (boolean | null)[] =>
  said === 'any' ? Object.values(SAID) : [SAID[said]];

/** @throws Error where `any` is not any. */
function outcomeOf(row: Row, isRequired: boolean): string {
  const outcomes = combine(row).map((sayings) => {
    const { choice, decidedBy } = decideInjection({ ...sayings, isRequired });
    return `${WORDS[choice]} (\`${decidedBy}\`)`;
  });
  const [only = '', ...more] = new Set(outcomes);
  if (more.length > 0) throw new Error(`the row ${JSON.stringify(row)} has several outcomes`);
  return only;
}

type Sayings = Omit<Parameters<typeof decideInjection>[0], 'isRequired'>;

const combine = (row: Row): readonly Sayings[] =>
  valuesOf(row.podLabel).flatMap((podLabel) =>
    valuesOf(row.podAnnotation).flatMap((podAnnotation) =>
      valuesOf(row.namespaceLabel).flatMap((namespaceLabel) =>
        valuesOf(row.byDefault)
          .filter((value) => value !== null)
          .map((isDefault) => ({ podLabel, podAnnotation, namespaceLabel, isDefault })),
      ),
    ),
  );

const WORDS = { inject: 'sidecar', skip: 'none', deny: '**refused**' } as const;

const SETTINGS: Readonly<Record<Setting, readonly [values: string, meaning: string]>> = {
  interception: [
    '`auto`, `redirect`, `hosts`, `env`, `proxy`',
    'how connections come to the sidecar, see below',
  ],
  'include-outbound-ports': [
    '`8443,9000`',
    'ports that are led to Postern beside 443, 80 and those of upstreams (mode `redirect`)',
  ],
  'exclude-outbound-ports': ['`80`', 'ports that are not; needs `allow-exclusions`'],
  'exclude-outbound-cidrs': [
    '`10.0.0.0/8,fd00::/8`',
    'networks that are left alone; needs `allow-exclusions`',
  ],
  'proxy-cpu-request': ['`50m`', 'what the sidecar asks for'],
  'proxy-cpu-limit': ['`1`', 'what it may use'],
  'proxy-memory-request': ['`128Mi`', 'the same of memory'],
  'proxy-memory-limit': ['`256Mi`', 'the same of memory'],
  'proxy-image': ['an image', 'another sidecar, if the controller’s `image.allowed` lists it'],
  'skip-containers': [
    '`job,debug`',
    'containers whose variables are left as they are; where Postern is required, needs `allow-exclusions`',
  ],
  'credentials-secret': [
    '`llm-keys` or `llm-keys:openai`',
    'a Secret with a key for each upstream, by its name: mounted into the sidecar alone, so that the upstream is [bound](keys.md)',
  ],
};

export const writeInjectionPage = (): string =>
  [deciding(), annotations(), modes(), ADDED, settings()].join('\n');

const deciding = (): string => `# How pods get their sidecar

The controller adds the sidecar when a pod is made; \`postern inject\` adds the same to manifests, and \`postern explain pod\` says what would
happen and why. Tables on this page are made from the code (\`make docs\`).

## Who decides
The pod's label, the pod's annotation, the namespace's label (all \`postern.dev/inject\`, \`enabled\` or \`disabled\`; \`true\` and \`false\` will do), then the controller's
default: the first that says anything. The label \`postern.dev/require\` of a namespace (\`enabled\` or \`true\`) makes every no a refusal.

${writeTable(
  [
    'label of the pod',
    'annotation of the pod',
    'label of the namespace',
    'default',
    'outcome',
    'where required',
  ],
  ROWS.map((row) => [
    row.podLabel,
    row.podAnnotation,
    row.namespaceLabel,
    row.byDefault,
    outcomeOf(row, false),
    outcomeOf(row, true),
  ]),
)}

A value that is none of these, a key of \`postern.dev/\` that is not known, or one in the wrong place refuses the pod, and says what was meant. Set labels and
annotations on the **template** of a Deployment: pods do not have what stands above it, and a warning says so.

No sidecar comes into a pod for these reasons; where Postern is required the last four refuse the pod, too.

${writeTable(
  ['reason', 'what it means'],
  Object.entries(SKIP_REASONS).map(([reason, meaning]) => [`\`${reason}\``, meaning]),
)}
`;

const annotations = (): string => `## Annotations
On a pod; or on a namespace, whose pods inherit those that they do not have. All begin with \`postern.dev/\`.

${writeTable(
  ['annotation', 'value', 'what it is for'],
  Object.entries(SETTINGS).map(([name, [values, meaning]]) => [`\`${name}\``, values, meaning]),
)}

A namespace has three labels more: \`require\` (above), \`allow-exclusions: "true"\` (its pods may exclude ports and networks: what goes round is in the status), and Pod
Security's own \`pod-security.kubernetes.io/enforce\`, which decides about modes.
`;

const modes = (): string => `## Modes
\`auto\` points the SDKs it knows at the sidecar (\`env\`), and catches what else goes out as well as it can: \`redirect\` where the namespace admits NET_ADMIN
(no level of Pod Security, or \`privileged\`; not on OpenShift; not beside the proxy of Istio or Linkerd, which redirects itself), else \`hosts\`. The others do what
[interception](interception.md) says, alone. Only \`redirect\` needs a capability, and only in a container that ends before any other starts; in all other
modes a pod that passes the level \`restricted\` still passes it.

The grade stands in the status. \`redirect\` is \`enforced\` only if nobody in the pod can undo it: a container that may become root or has such a capability makes it
\`guarded\`, with a warning. Where Postern is required, asking for NET_ADMIN, SETUID, \`privileged\`, \`hostPID\` and their like is refused. With the keys of
every upstream in the sidecar alone it is \`bound\`.

## Where Postern is required
In a namespace with \`postern.dev/require\` a pod may ask for more than its namespace has, and never for less. Refused, with the reason, are
- an \`interception\`, or anything else of the pod, that makes its grade lower than the namespace's: what the annotation of the namespace says, or else the controller's setting;
  \`auto\` is \`enforced\` where the namespace admits NET_ADMIN, else \`guarded\`;
- a container that is called as the proxy of a mesh, and would lower it: in namespaces of a mesh (labels \`istio-injection: enabled\` or \`istio.io/rev\`, annotation
  \`linkerd.io/inject\`) \`auto\` is \`guarded\` to begin with; elsewhere annotate the namespace with \`postern.dev/interception: hosts\`;
- another \`credentials-secret\` than the namespace's, and containers that hold keys of its Secret;
- a container without \`runAsUser\`, its own or the pod's: images may be built, and changed, to run as the sidecar's user;
- \`hostAliases\` that lead upstreams, or the controller, elsewhere. A pod may have its own DNS: the sidecar checks certificates, and whoever answers falsely keeps it from working.

Admission policies ask the same of users, and of all containers, ephemeral ones included, \`runAsNonRoot\`, \`allowPrivilegeEscalation: false\` and \`drop: [ALL]\`.
`;

const ADDED = `## What is added
- Container \`postern\`, a native sidecar, before all other containers of initialisation: it starts first and ends last, and jobs end. Its settings are variables
  (\`POSTERN__…\`, each a section as JSON): what it runs with is seen in the pod. It holds up the start of the pod until policies are loaded, and has no readiness probe.
- Container \`postern-init\` in mode \`redirect\`: \`nft\` with the rules as its argument. Arguments of a pod cannot be changed.
- Volumes: \`postern-state\`, \`postern-identity\` (a token for the controller, and whom to trust it by), \`postern-bundle\` (policies to start with), and where TLS is ended
  \`postern-trust\` (read-only in your containers) and \`postern-keys\`; \`postern-credentials\` for a Secret of keys. None but \`postern-trust\` is mounted into your containers.
- Variables in your containers: base URLs of SDKs, proxies, and [trust](certificates.md), by mode. What a container sets itself stays, and a warning names it; with \`envFrom\` nobody
  sees what it sets, and variables of Postern win over it. Containers that Istio, Linkerd, Vault or Dapr add are left alone.
- In mode \`hosts\`: \`hostAliases\` that lead hosts under policy to loopback, and the sysctl \`net.ipv4.ip_unprivileged_port_start\`.
- In mode \`redirect\` the ports of proxies that your variables name (\`HTTPS_PROXY\`, …) are led to Postern, too.
- Labels \`postern.dev/injected\` and \`postern.dev/proxy-version\`, and the annotation \`postern.dev/status\`. They tell; nothing is decided by them.

Nothing else of a pod is touched, and \`postern uninject\` gives it back as it was. A second pass finds what the first one wrote and changes nothing.

## Whose user it is
Every sidecar runs as a user of its own, drawn from \`uid_range\` when the pod is made (on OpenShift from the namespace's range, without its first): never one that a container
or the pod says it runs as, and none that an image could have been built for. A pod that says so later is refused. A container called \`postern\` that is not ours refuses the pod;
one that comes with a status of ours is taken out and made anew.
`;

const SETTINGS_YAML = `injection:
  inject: disabled                # what becomes of pods of which nobody says anything
  namespace: postern-system       # where the controller runs, and the name of its Service
  service: postern
  image: {reference: "postern@sha256:…", pull_policy: IfNotPresent, pull_secrets: [], allowed: []}
  resources: {requests: {cpu: 50m, memory: 128Mi}, limits: {cpu: "1", memory: 256Mi}}
  uid_range: {first: 100000, last: 999999999}
  interception: auto
  cluster:
    domain: cluster.local
    ranges: [10.96.0.0/12]        # pods and Services: never redirected, and not by way of a proxy
    resolvers: [10.96.0.10]       # needed with strict
  sidecar:                        # as in the configuration of a sidecar
    upstreams:
      openai: {provider: openai, url: "https://api.openai.com"}
    telemetry: {otlp: "http://collector.observability:4318"}
    limits: {exchanges: 64}
    interception: {strict: true}
    audit: {}
`;

/** @throws Error where the controller would not take them. */
function settings(): string {
  const parsed = parseControllerConfig({ file: 'settings', text: SETTINGS_YAML, env: {} });
  if (!parsed.ok) throw new Error(parsed.error.map(formatIssue).join('\n'));
  return `## Settings
The section \`injection\` of the controller's file, which \`postern inject --settings\` reads too. All of it may be left out; then sidecars know OpenAI and Anthropic.
\`\`\`yaml
${SETTINGS_YAML}\`\`\`

Without a controller, a namespace needs a ConfigMap \`postern-bundle\` with policies as \`postern policy build\` makes them, under the key \`bundle.tar.gz\`; else its pods do not start.
`;
}
