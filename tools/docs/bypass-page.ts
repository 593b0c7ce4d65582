// The attempts that the tests make in network namespaces in; docs/bypass.md out.
import { ATTEMPTS, type Outcome } from '../../test/netns/attempts.ts';
import { MODES } from '../../test/netns/places.ts';
import { GRADES } from '../../src/exchange/index.ts';
import { writeTable } from '../../src/cli/markdown.ts';

const shown = (outcome: Outcome): string => (outcome === 'through' ? '**through**' : outcome);

const TITLES: Readonly<Record<(typeof MODES)[number], string>> = {
  env: `env (${GRADES.env})`,
  proxy: `proxy (${GRADES.proxy})`,
  hosts: `hosts (${GRADES.hosts})`,
  redirect: `redirect (${GRADES.redirect})`,
  strict: 'redirect, strict',
};

export const writeBypassPage = (): string => `# Ways round, and what becomes of them

Each row is tried for real, in network namespaces, as a user of its own (\`make test-netns\`); the page is made of what the tests expect.
In mode \`proxy\` these clients keep to the proxy; the second row stands for all that do not. With the provider's key in [Postern alone](keys.md) (grade bound), even what goes through has no valid credential.

- **refused**: Postern answered, and the provider never knew.
- **blocked**: no connection came about.
- **elsewhere**: it went where its name leads, which is not the provider.
- **through**: the provider got it, unjudged.

${writeTable(
  ['attempt', ...MODES.map((mode) => TITLES[mode]), 'closed by'],
  ATTEMPTS.map(({ title, outcomes, closedBy = '' }) => [
    title,
    ...MODES.map((mode) => shown(outcomes[mode])),
    closedBy,
  ]),
)}

Two more are tried in their own way. A sidecar that is **killed under load**, again and again, lets nothing through in any mode: connections are refused until it
is back. **Rules that are flushed** by whoever has NET_ADMIN let everything through, and are missed within five seconds: the metric
\`postern_interception_alive\` is 0, \`/healthz\` says so (and fails with \`strict\`), the log has an error, and spans say \`cooperative\`. The application itself cannot flush them.

Who may change pods has other ways, which admission closes in the injector and, while nobody of Postern answers, in the API server (\`test/cluster/api\`): another image for a running
sidecar, a container of one's own under its name, its volumes in another container, a shell in it, its user, and what is written of it. Some are closed where
[Postern is required](injection.md#where-postern-is-required) alone: a lower mode than the namespace's, keys of the application's own, an image that was built to run as the
sidecar's user, root in an ephemeral container. The API server holds a sidecar to its shape, not to the values of its settings: while the webhook is gone, who may write pods may
write one with other upstreams or other rules. Who may change namespaces, webhooks or admission policies decides what holds.
`;
