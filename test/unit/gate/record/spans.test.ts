import { describe, expect, it } from '@jest/globals';
import { spansOf } from '../../../../src/gate/record/spans.ts';
import {
  START_MS,
  aDecision,
  aRecord,
  aRefusedRecord,
  aSide,
  aVerdict,
} from '../../../support/exchange-record.ts';

const named = (record = aRecord()) => spansOf(record).map(({ name, kind, parent }) => [name, kind, parent]);

describe('the spans of an exchange', () => {
  it('tell of the request, its judgement, the call and the judgement of the answer, in this order', () => {
    expect(named()).toEqual([
      ['POST /openai/v1/chat/completions', 'server', null],
      ['run_guardrail postern', 'internal', 0],
      ['chat gpt-4o', 'client', 0],
      ['run_guardrail postern', 'internal', 0],
    ]);
  });

  it('name the call by its operation alone where no model was asked for', () => {
    expect(named(aRecord({ model: '' }))[2]).toEqual(['chat', 'client', 0]);
  });

  it('take their times from the stages, the call lasting until the answer has ended', () => {
    const times = spansOf(aRecord()).map(({ startMs, endMs }) => [startMs - START_MS, endMs - START_MS]);
    expect(times).toEqual([
      [0, 1000],
      [10, 20],
      [20, 1000],
      [500, 1000],
    ]);
  });

  it('hold no call when the request was refused, and no error: to refuse is the work', () => {
    const spans = spansOf(aRefusedRecord());
    expect(named(aRefusedRecord())).toEqual([
      ['POST /openai/v1/chat/completions', 'server', null],
      ['run_guardrail postern', 'internal', 0],
    ]);
    expect(spans.map(({ error }) => error)).toEqual([null, null]);
    expect(spans[0]?.attributes).toMatchObject({
      'postern.outcome': 'refused',
      'http.response.status_code': 400,
    });
    expect(spans[1]?.attributes).toMatchObject({
      'gen_ai.operation.name': 'run_guardrail',
      'gen_ai.guardrail.target.type': 'input',
      'gen_ai.guardrail.verdict.type': 'deny',
      'gen_ai.guardrail.action.type': 'block',
      'postern.mode': 'enforce',
      'postern.policies': ['length.limit'],
      'postern.codes': ['length.user_too_long'],
      'postern.bundle.digest': 'a'.repeat(64),
      'postern.coverage.judged': 80,
    });
  });

  it('keep what was said apart from what was done when a policy is only recorded', () => {
    const decision = aDecision({
      recorded: [{ ...aVerdict({ policy: 'tool.ban', code: 'tool.banned' }), mode: 'audit' }],
    });
    const [, input] = spansOf(aRecord({ request: aSide({ decision }) }));
    expect(input?.attributes).toMatchObject({
      'gen_ai.guardrail.verdict.type': 'deny',
      'gen_ai.guardrail.action.type': 'audit',
      'postern.action': 'allow',
      'postern.mode': 'audit',
      'postern.recorded.codes': ['tool.banned'],
    });
  });

  it('carry usage, finish reasons and the real host on the call', () => {
    const chat = spansOf(aRecord())[2];
    expect(chat?.attributes).toMatchObject({
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 34,
      'server.address': 'api.openai.com',
      'server.port': 443,
    });
  });

  it('count the time to the first chunk from the call, not from the caller', () => {
    const chat = spansOf(aRecord({ stream: true, timeToFirstChunkMs: 220 }))[2];
    expect(chat?.attributes['gen_ai.response.time_to_first_chunk']).toBeCloseTo(0.2);
  });

  it.each([
    [aRecord({ upstreamStatus: 429, status: 429, response: null }), '429'],
    [
      aRecord({ failure: 'POSTERN_E_UPSTREAM_TIMEOUT', status: 504, response: null }),
      'POSTERN_E_UPSTREAM_TIMEOUT',
    ],
    [
      aRecord({ response: aSide({ decision: aDecision({ action: 'deny' }) }), outcome: 'cut' }),
      'postern.policy_denied',
    ],
  ])('say why the call failed for its caller (%#)', (record, error) => {
    expect(spansOf(record)[2]?.error).toBe(error);
  });

  it('show a judgement that failed, and the failure as ours', () => {
    const spans = spansOf(
      aRefusedRecord({ request: null, failure: 'POSTERN_E_POLICY_EVALUATION', status: 503 }),
    );
    expect(spans.map(({ error }) => error)).toEqual([
      'POSTERN_E_POLICY_EVALUATION',
      'POSTERN_E_POLICY_EVALUATION',
    ]);
  });

  it('are one span when not even the upstream was found', () => {
    expect(named(aRecord({ route: null, request: null, response: null, stages: [] }))).toEqual([
      ['POST', 'server', null],
    ]);
  });

  it('bound every value: prose cannot travel as a model, and lists end', () => {
    const prose = `my card is 4111\u001b[31m ${'x'.repeat(10_000)}`;
    const findings = Array.from({ length: 1000 }, (_, i) => `code.${i}`);
    const spans = spansOf(aRecord({ model: prose, finishReasons: [prose], request: aSide({ findings }) }));
    expect(spans[1]?.attributes['postern.findings']).toHaveLength(32);
    expect(JSON.stringify(spans).length).toBeLessThan(6000);
    expect(spans[2]?.attributes['gen_ai.request.model']).toMatch(/^[\x21-\x7e]{128}$/);
  });
});
