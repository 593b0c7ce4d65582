// Finished records for tests of what is written down: an ordinary exchange, changed where the test says so.
import type { Decision, ExchangeRecord, JudgedSide, Verdict } from '../../src/exchange/index.ts';

export const START_MS = Date.UTC(2026, 10, 23, 12, 0, 0);

export const aVerdict = (change: Partial<Verdict> = {}): Verdict => ({
  policy: 'length.limit',
  action: 'deny',
  code: 'length.user_too_long',
  message: 'The message is too long.',
  ...change,
});

export const aDecision = (change: Partial<Decision> = {}): Decision => ({
  action: 'allow',
  verdicts: [],
  obligations: [],
  recorded: [],
  digest: 'a'.repeat(64),
  ...change,
});

export const aSide = (change: Partial<JudgedSide> = {}): JudgedSide => ({
  decision: aDecision(),
  findings: [],
  coverage: { bytes: 100, judged: 80, opaque: 0, unknownFields: 1 },
  ...change,
});

/** Forwarded to OpenAI and answered: 10 ms of policy, 480 ms of upstream, 500 ms of answer. */
export const aRecord = (change: Partial<ExchangeRecord> = {}): ExchangeRecord => ({
  id: '0b5c9a52-4f3e-4d0a-9f43-1f0d7a2b6c11',
  startMs: START_MS,
  endMs: START_MS + 1000,
  mode: 'env',
  grade: 'cooperative',
  traceparent: null,
  route: {
    upstream: { name: 'openai', provider: 'openai', url: new URL('https://api.openai.com') },
    operation: { dialect: 'openai-chat', name: 'chat', method: 'POST', path: '/v1/chat/completions' },
  },
  model: 'gpt-4o',
  responseModel: 'gpt-4o-2024-08-06',
  stream: false,
  request: aSide(),
  response: aSide(),
  candidate: {},
  usage: { inputTokens: 12, outputTokens: 34 },
  finishReasons: ['stop'],
  outcome: 'forwarded',
  status: 200,
  upstreamStatus: 200,
  timeToFirstChunkMs: null,
  failure: null,
  stages: [
    { name: 'request', startMs: START_MS, endMs: START_MS + 10 },
    { name: 'policy', startMs: START_MS + 10, endMs: START_MS + 20 },
    { name: 'upstream', startMs: START_MS + 20, endMs: START_MS + 500 },
    { name: 'response', startMs: START_MS + 500, endMs: START_MS + 1000 },
  ],
  ...change,
});

/** Refused before anything was called. */
export const aRefusedRecord = (change: Partial<ExchangeRecord> = {}): ExchangeRecord =>
  aRecord({
    request: aSide({ decision: aDecision({ action: 'deny', verdicts: [aVerdict()] }) }),
    response: null,
    responseModel: '',
    usage: {},
    finishReasons: [],
    outcome: 'refused',
    status: 400,
    upstreamStatus: null,
    stages: aRecord().stages.slice(0, 2),
    ...change,
  });
