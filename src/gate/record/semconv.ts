// The only place with gen_ai.* and postern.* names, so that a change of the conventions is a change of one file.
import type { Provider } from '../../exchange/index.ts';

/** The revision of OpenTelemetry's semantic conventions that the copied names below are taken from. */
export const SEMCONV_VERSION = '1.45.0';

/** Names that stand in the conventions. Copied: the incubating module is large, and a minor release may drop a name. */
export const ATTR = {
  operationName: 'gen_ai.operation.name',
  providerName: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  requestStream: 'gen_ai.request.stream',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  tokenType: 'gen_ai.token.type',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  urlScheme: 'url.scheme',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  errorType: 'error.type',
} as const;

/** Providers whose name in the conventions is not ours. */
const PROVIDERS: Readonly<Partial<Record<Provider, string>>> = {
  azure: 'azure.ai.openai',
  gemini: 'gcp.gemini',
  vertex: 'gcp.vertex_ai',
  bedrock: 'aws.bedrock',
  ollama: 'ollama',
  mistral: 'mistral_ai',
};

export const providerName = (provider: Provider): string => PROVIDERS[provider] ?? provider;

/** Names of the guardrail span as proposed for the conventions, not yet part of them. */
export const GUARDRAIL = {
  operation: 'run_guardrail',
  targetType: 'gen_ai.guardrail.target.type',
  verdictType: 'gen_ai.guardrail.verdict.type',
  actionType: 'gen_ai.guardrail.action.type',
} as const;

/** Our own names: these we keep. */
export const POSTERN = {
  exchangeId: 'postern.exchange.id',
  outcome: 'postern.outcome',
  failure: 'postern.failure',
  upstream: 'postern.upstream',
  phase: 'postern.phase',
  action: 'postern.action',
  mode: 'postern.mode',
  code: 'postern.code',
  policies: 'postern.policies',
  codes: 'postern.codes',
  recordedPolicies: 'postern.recorded.policies',
  recordedCodes: 'postern.recorded.codes',
  findings: 'postern.findings',
  shown: 'postern.findings.shown',
  digest: 'postern.bundle.digest',
  keyId: 'postern.bundle.key_id',
  coverageBytes: 'postern.coverage.bytes',
  coverageJudged: 'postern.coverage.judged',
  coverageOpaque: 'postern.coverage.opaque',
  coverageUnknownFields: 'postern.coverage.unknown_fields',
  candidateDigest: 'postern.candidate.digest',
  candidateAction: 'postern.candidate.action',
  candidateResult: 'postern.candidate.result',
  candidateChanges: 'postern.candidate.changes',
  candidateFailure: 'postern.candidate.failure',
  policy: 'postern.policy',
  change: 'postern.change',
  result: 'postern.result',
  signal: 'postern.signal',
  interceptionMode: 'postern.interception.mode',
  interceptionGrade: 'postern.interception.grade',
  way: 'postern.way',
  why: 'postern.why',
} as const;

/** The value of `error.type` where a policy refused an answer: the call failed for its caller, Postern did not. */
export const POLICY_DENIED = 'postern.policy_denied';

/** Every metric by name: dashboards, alerts and tests refer to this table. The gen_ai names are the conventions'. */
export const METRICS = {
  tokenUsage: {
    name: 'gen_ai.client.token.usage',
    unit: '{token}',
    description: 'Tokens per call as the provider billed them.',
    buckets: [
      1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
    ],
  },
  operationDuration: {
    name: 'gen_ai.client.operation.duration',
    unit: 's',
    description: 'From the call to the provider to the end of its answer.',
    buckets: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
  exchanges: {
    name: 'postern.exchanges',
    unit: '{exchange}',
    description: 'Exchanges by what became of them.',
  },
  verdicts: {
    name: 'postern.verdicts',
    unit: '{verdict}',
    description: 'Verdicts other than allow; mode audit: recorded, not obeyed.',
  },
  candidateSides: {
    name: 'postern.candidate.sides',
    unit: '{side}',
    description: 'Sides of exchanges by what a candidate would make of them.',
  },
  candidateVerdicts: {
    name: 'postern.candidate.verdicts',
    unit: '{verdict}',
    description: 'What policies enforce now or would, by what a candidate changes about it.',
  },
  connections: {
    name: 'postern.connections',
    unit: '{connection}',
    description: 'Connections meant for other hosts: judged, passed on untouched or refused, and why.',
  },
  canary: {
    name: 'postern.interception.alive',
    unit: '1',
    description:
      '1 while the kernel leads connections to Postern, 0 while it does not; absent where it should not.',
  },
  shedding: {
    name: 'postern.shedding',
    unit: '1',
    description:
      'What is shed under strain: 0 nothing, 1 idle connections, 2 new exchanges, 3 the newest streams.',
  },
  policyLoads: { name: 'postern.policy.loads', unit: '{load}', description: 'Attempts to load policies.' },
  sourceAge: {
    name: 'postern.policy.source.age_seconds',
    unit: 's',
    description: 'Since the controller was last in touch; absent where it never was.',
  },
  policyAge: {
    name: 'postern.policy.age_seconds',
    unit: 's',
    description:
      'Since the bundle in force was loaded, by digest and the key it is signed with; absent without one.',
  },
  telemetryDropped: {
    name: 'postern.telemetry.dropped',
    unit: '{item}',
    description: 'Records, spans and metric pushes that were lost.',
  },
} as const;
