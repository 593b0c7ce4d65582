// The shape of the configuration file, in the words its author writes: snake_case, every key known, every limit stated.
import { z } from 'zod';
import { accountsSchema, credentialSchema } from './credentials.ts';
import { interception, knownHost } from './interception.ts';
import { limits } from './limits.ts';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, and begin with a letter');

export const address = z
  .string()
  .regex(/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d{1,5}$/, {
    error: 'must be <ip>:<port>, e.g. "127.0.0.1:7411"',
    abort: true,
  })
  .refine(
    (value) => Number(value.slice(value.lastIndexOf(':') + 1)) <= 65_535,
    'the port must be at most 65535',
  );

const mode = z.enum(['enforce', 'warn', 'audit', 'off']);

const upstream = z
  .strictObject({
    provider: z
      .enum([
        'openai',
        'anthropic',
        'azure',
        'gemini',
        'vertex',
        'ollama',
        'bedrock',
        'mcp',
        'mistral',
        'cohere',
        'openai-compatible',
      ])
      .describe('Whose wire format this upstream speaks.'),
    url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }),
    hosts: z.array(knownHost).default([]),
    allow_private_addresses: z
      .boolean()
      .default(false)
      .describe('Let the name in `url` lead to private addresses, as names inside a cluster do.'),
    allow_plain_http: z.boolean().default(false).describe('Consent to http:// beyond loopback.'),
    ca_file: z
      .string()
      .min(1)
      .optional()
      .describe('PEM file of authorities to trust for this upstream instead of the system’s.'),
    sign: z
      .strictObject({
        region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region of AWS, e.g. "eu-west-1"'),
        credentials_file: z
          .string()
          .min(1)
          .describe('As AWS’s tools have it, profile [default]; read again when it has changed.'),
      })
      .optional()
      .describe('Sign requests here, after the last edit, in the place of the application (SigV4).'),
    credential: credentialSchema
      .optional()
      .describe('The key that goes there in the place of whatever the application sends.'),
    accounts: accountsSchema.optional().describe('Whose credentials applications may send.'),
  })
  .superRefine((value, context) => {
    if (value.sign !== undefined && value.provider !== 'bedrock')
      context.addIssue({ code: 'custom', path: ['sign'], message: 'is for provider bedrock alone' });
    if (value.sign !== undefined && value.credential !== undefined)
      context.addIssue({ code: 'custom', path: ['credential'], message: 'and sign: one of them vouches' });
    for (const problem of urlProblems(value.url, value.allow_plain_http)) {
      context.addIssue({ code: 'custom', path: ['url'], message: problem });
    }
  });

function urlProblems(text: string, allowPlain: boolean): string[] {
  const url = URL.parse(text);
  if (url === null) return ['is not a URL'];
  const problems: string[] = [];
  if (url.protocol === 'http:' && !allowPlain && !isLoopback(url.hostname)) {
    problems.push('http:// is only for loopback; use https://, or consent with allow_plain_http: true');
  }
  if (url.username !== '' || url.password !== '') problems.push('must not hold credentials');
  if (url.search !== '' || url.hash !== '') problems.push('must not hold a query or a fragment');
  return problems;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

const PEM = /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END PUBLIC KEY-----\s*$/;

const controller = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }),
    token_file: z.string().min(1).optional().describe('What says who we are; read each time.'),
    ca_file: z
      .string()
      .min(1)
      .optional()
      .describe('PEM of authorities to trust instead of the system’s; read each time.'),
    seed_directory: z
      .string()
      .min(1)
      .optional()
      .describe('Where a bundle to begin with is mounted, for a start without the controller.'),
    candidate_directory: z
      .string()
      .min(1)
      .optional()
      .describe('Where what is only compared, as the controller says, is kept. Without it nothing is.'),
  })
  .superRefine(({ url }, context) => {
    for (const message of urlProblems(url, false))
      context.addIssue({ code: 'custom', path: ['url'], message });
  });

const keyId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be letters, digits, dots, dashes and underscores');

const signature = z.strictObject({
  keys: z
    .record(
      keyId,
      z
        .string()
        .min(1)
        .refine((value) => !value.startsWith('-----') || PEM.test(value), 'must be a PUBLIC KEY in PEM')
        .describe('An Ed25519 public key: PEM, or the path of a PEM file, which is read with each bundle.'),
    )
    .refine((value) => Object.keys(value).length > 0, 'must name at least one key')
    .describe('By key id. A bundle must be signed with one of them; more than one while keys are changed.'),
  least_serial: z
    .int()
    .min(0)
    .default(0)
    .describe('Bundles with a lower serial are refused, also by a sidecar that has never seen another.'),
  state_file: z
    .string()
    .min(1)
    .optional()
    .describe('Keeps the highest serial across restarts; without it a restart forgets it.'),
});

export const configFields = z.strictObject({
  listen: z
    .strictObject({
      http: address
        .default('127.0.0.1:7411')
        .describe('Where applications reach their upstreams, as http://…/<upstream>/<path>.'),
      tls: z
        .strictObject({
          certificate_file: z
            .string()
            .min(1)
            .describe('PEM: the certificate, and those up to its authority.'),
          key_file: z.string().min(1).describe('PEM.'),
        })
        .optional()
        .describe('The same port then also speaks https://. Read at the start.'),
      proxy: address
        .optional()
        .describe('Where clients find their HTTPS_PROXY and HTTP_PROXY, e.g. "127.0.0.1:7412".'),
      hosts: address
        .optional()
        .describe('Where hosts under policy lead to by the hosts file, e.g. "127.0.0.1:443".'),
      redirect: address
        .optional()
        .describe('Where the kernel redirects connections to, e.g. "127.0.0.1:7413".'),
      admin: address.default('127.0.0.1:7490').describe('Health and metrics; read-only.'),
    })
    .prefault({}),
  interception: interception.prefault({}),
  upstreams: z
    .record(name, upstream)
    .refine((value) => Object.keys(value).length > 0, 'must name at least one upstream'),
  policy: z
    .strictObject({
      directory: z
        .string()
        .min(1)
        .describe('Holds one built bundle, or *.rego with data files. May be a mounted ConfigMap.'),
      signature: signature
        .exactOptional()
        .describe(
          'Whom bundles must be signed by. Without it they are taken unsigned; with it sources are refused.',
        ),
      controller: controller
        .optional()
        .describe('Who has the policies of this pod: they are fetched into `directory`, and acknowledged.'),
      candidate: z
        .strictObject({
          directory: z.string().min(1).describe('Like the directory of the policies in force.'),
        })
        .optional()
        .describe('Policies that are asked about every exchange and never obeyed; differences are counted.'),
      modes: z
        .record(z.string(), mode)
        .default({})
        .describe('Mode by policy id, e.g. {"length.limit": "audit"}. It wins over the modes of the bundle.'),
      namespace: z
        .string()
        .max(63)
        .default('')
        .describe('Whose modes in the bundle apply; in Kubernetes the namespace of the pod.'),
    })
    .refine(
      ({ candidate, controller: link }) => candidate === undefined || link?.candidate_directory === undefined,
      'candidates come from a directory of yours or from the controller, not from both',
    ),
  audit: z
    .strictObject({
      file: z
        .string()
        .min(1)
        .optional()
        .describe('JSON lines; without it decisions go to traces and metrics alone.'),
      required: z.boolean().default(false).describe('Refuse an exchange whose audit line cannot be written.'),
      facts: z
        .boolean()
        .default(false)
        .describe('Write what policies read, without content, so that `postern replay` can ask others.'),
    })
    .refine((value) => !value.required || value.file !== undefined, 'required: true needs a file')
    .refine((value) => !value.facts || value.file !== undefined, 'facts: true needs a file')
    .prefault({}),
  telemetry: z
    .strictObject({
      otlp: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe('Base URL of an OTLP/HTTP receiver.'),
      content: z.literal('none').default('none').describe('Content never leaves; nothing else is offered.'),
    })
    .prefault({}),
  limits: limits.prefault({}),
});

export const configSchema = configFields.superRefine(
  ({ listen, interception: settings, limits: { buffered_bytes: buffered, body_bytes: body } }, context) => {
    if (buffered < body)
      context.addIssue({
        code: 'custom',
        path: ['limits', 'buffered_bytes'],
        message: 'must be at least limits.body_bytes: one body has to fit',
      });
    const isIntercepting = [listen.proxy, listen.hosts, listen.redirect].some((each) => each !== undefined);
    if (isIntercepting && settings.trust_directory === undefined)
      context.addIssue({
        code: 'custom',
        path: ['interception', 'trust_directory'],
        message: 'is missing: listen.proxy, listen.hosts and listen.redirect need it',
      });
  },
);

export type ConfigText = z.output<typeof configSchema>;
