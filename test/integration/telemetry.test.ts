import { afterEach, describe, expect, it } from '@jest/globals';
import { startOtlpReceiver, type OtlpReceiver } from '../../src/demo/otlp/index.ts';
import { createLog, startTelemetry, type Telemetry } from '../../src/gate/record/index.ts';
import { START_MS, aDecision, aRecord, aRefusedRecord, aSide, aVerdict } from '../support/exchange-record.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const CANARY = 'canary-4111-1111';

const messages: string[] = [];
const log = createLog({ write: (text) => messages.push(text) });
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function startBoth(): Promise<{ receiver: OtlpReceiver; telemetry: Telemetry }> {
  const receiver = await startOtlpReceiver();
  const telemetry = startTelemetry({ otlp: receiver.url, resource: { 'k8s.pod.name': 'web-1' }, log });
  cleanups.push(
    () => receiver.close(),
    () => telemetry.close(),
  );
  return { receiver, telemetry };
}

describe('telemetry over OTLP', () => {
  it('keeps records written before the SDK is there, and delivers their tree with times and attributes', async () => {
    const { receiver, telemetry } = await startBoth();
    telemetry.write(aRecord());
    const [server, input, chat, output] = await receiver.waitFor(({ spans }) =>
      spans.length === 4 ? spans : undefined,
    );
    expect([server, input, chat, output].map((span) => [span?.name, span?.kind])).toEqual([
      ['POST /openai/v1/chat/completions', 'SERVER'],
      ['run_guardrail postern', 'INTERNAL'],
      ['chat gpt-4o', 'CLIENT'],
      ['run_guardrail postern', 'INTERNAL'],
    ]);
    expect(server).toMatchObject({
      traceId: '0b5c9a524f3e4d0a9f431f0d7a2b6c11',
      parentSpanId: null,
      status: 'UNSET',
    });
    for (const child of [input, chat, output]) {
      expect(child).toMatchObject({ traceId: server?.traceId, parentSpanId: server?.spanId });
    }
    expect([chat?.startMs, chat?.endMs]).toEqual([START_MS + 20, START_MS + 1000]);
    expect(chat?.attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.response.finish_reasons': ['stop'],
    });
    expect(server?.resource).toMatchObject({ 'service.name': 'postern', 'k8s.pod.name': 'web-1' });
  });

  it('joins the caller’s trace, and is not silenced by a caller that does not sample', async () => {
    const { receiver, telemetry } = await startBoth();
    telemetry.write(aRefusedRecord({ traceparent: `00-${TRACE}-${PARENT}-00` }));
    await telemetry.close();
    const [server, input] = receiver.spans;
    expect(server).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
    expect(input).toMatchObject({ traceId: TRACE, parentSpanId: server?.spanId, status: 'UNSET' });
  });

  it('marks a failed call with its reason', async () => {
    const { receiver, telemetry } = await startBoth();
    telemetry.write(
      aRecord({ upstreamStatus: 503, status: 503, response: null, outcome: 'upstream_failed' }),
    );
    await telemetry.close();
    expect(receiver.spans[2]).toMatchObject({ status: 'ERROR', attributes: { 'error.type': '503' } });
  });

  it('flushes what is left on close, metrics too', async () => {
    const { receiver, telemetry } = await startBoth();
    telemetry.write(aRecord());
    await telemetry.close();
    expect(receiver.spans).toHaveLength(4);
    const tokens = receiver.points.filter(({ metric }) => metric === 'gen_ai.client.token.usage');
    expect(tokens.map(({ attributes, value }) => [attributes['gen_ai.token.type'], value])).toEqual([
      ['input', 12],
      ['output', 34],
    ]);
  });

  it('sends neither content nor credentials, wherever a record could be made to hold them', async () => {
    const { receiver, telemetry } = await startBoth();
    const verdict = aVerdict({ message: CANARY });
    const decision = aDecision({
      action: 'rewrite',
      verdicts: [verdict],
      recorded: [{ ...verdict, mode: 'audit' }],
      obligations: [{ kind: 'rewrite', rewrite: 'pin_system', text: CANARY }],
    });
    telemetry.write(
      aRecord({
        traceparent: CANARY,
        route: {
          upstream: {
            name: 'openai',
            provider: 'openai',
            url: new URL(`https://user:${CANARY}@llm.test/?key=${CANARY}`),
          },
          operation: { dialect: 'openai-chat', name: 'chat', method: 'POST', path: '/v1/chat/completions' },
        },
        request: aSide({ decision }),
      }),
    );
    await telemetry.close();
    expect(receiver.spans.length).toBeGreaterThan(0);
    expect(receiver.points.length).toBeGreaterThan(0);
    expect(Buffer.concat(receiver.bodies).includes(CANARY)).toBe(false);
    expect(Buffer.concat(receiver.bodies).includes('length.user_too_long')).toBe(true);
  });
});

describe('the receiver of OTLP', () => {
  it('reads JSON as it reads protobuf', async () => {
    const receiver = await startOtlpReceiver();
    cleanups.push(() => receiver.close());
    const attributes = [
      { key: 'codes', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '2' }] } } },
    ];
    const span = {
      traceId: TRACE,
      spanId: PARENT,
      name: 'x',
      kind: 2,
      startTimeUnixNano: '1700000000000500000',
      attributes,
    };
    const response = await fetch(`${receiver.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
    });
    expect(await response.json()).toEqual({});
    expect(receiver.spans).toMatchObject([
      {
        traceId: TRACE,
        spanId: PARENT,
        kind: 'SERVER',
        startMs: 1_700_000_000_000.5,
        attributes: { codes: ['a', 2] },
      },
    ]);
  });

  it.each([
    ['/v1/logs', 'application/json', '{}'],
    ['/v1/traces', 'application/json', '{'],
    ['/v1/traces', 'application/x-protobuf', '\u00ff\u00ff'],
  ])('refuses what it does not understand: %s %s %j', async (path, type, body) => {
    const receiver = await startOtlpReceiver();
    cleanups.push(() => receiver.close());
    const response = await fetch(receiver.url + path, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(response.status).toBe(400);
  });
});

describe('metrics as Prometheus text', () => {
  async function scrape(write: (telemetry: Telemetry) => void): Promise<string> {
    const telemetry = startTelemetry({ otlp: null, resource: {}, log });
    cleanups.push(() => telemetry.close());
    write(telemetry);
    return telemetry.metricsText();
  }

  it('count exchanges by outcome, action and upstream, and verdicts by code', async () => {
    const text = await scrape((telemetry) => {
      telemetry.write(aRecord());
      telemetry.write(aRefusedRecord());
      telemetry.write(aRefusedRecord());
    });
    expect(text).toContain(
      'postern_exchanges_total{postern_outcome="forwarded",postern_action="allow",postern_upstream="openai"} 1',
    );
    expect(text).toContain(
      'postern_exchanges_total{postern_outcome="refused",postern_action="deny",postern_upstream="openai"} 2',
    );
    expect(text).toMatch(/postern_verdicts_total\{[^}]*postern_code="length.user_too_long"\} 2/);
    expect(text).toMatch(
      /gen_ai_client_operation_duration_sum\{[^}]*gen_ai_request_model="gpt-4o"[^}]*\} 0.98/,
    );
  });

  it('tell which bundle is in force, how old it is, and how often loading failed', async () => {
    const text = await scrape((telemetry) => {
      telemetry.notePolicy({ kind: 'loaded', digest: 'b'.repeat(64), keyId: null });
      telemetry.notePolicy({ kind: 'failed' });
    });
    expect(text).toContain('postern_policy_loads_total{postern_result="ok"} 1');
    expect(text).toContain('postern_policy_loads_total{postern_result="failed"} 1');
    expect(text).toMatch(/postern_policy_age_seconds\{postern_bundle_digest="b{64}"\} \d/);
  });

  it('stay few, whatever models and codes callers come up with', async () => {
    const text = await scrape((telemetry) => {
      for (let i = 0; i < 1000; i += 1) {
        telemetry.write(aRecord({ model: `junk-${i}`, upstreamStatus: 404, status: 404, response: null }));
        telemetry.write(aRecord({ model: `real-${i}` }));
      }
    });
    expect(new Set(text.match(/gen_ai_request_model="[^"]*"/g)).size).toBe(65);
    expect(text).not.toContain('junk-');
    expect(text).toContain('gen_ai_request_model="other"');
  });

  it('count records that came faster than they could be kept', async () => {
    const text = await scrape((telemetry) => {
      for (let i = 0; i < 2050; i += 1) telemetry.write(aRecord());
    });
    expect(text).toMatch(/postern_telemetry_dropped_total\{postern_signal="record"\} 2$/m);
    expect(text).toMatch(/postern_exchanges_total\{[^}]*\} 2048/);
  });
});

describe('telemetry that is not received', () => {
  const read = (): string[] => messages.map((line) => (JSON.parse(line) as { message: string }).message);

  it('is dropped and counted, and the log says so once', async () => {
    messages.length = 0;
    const receiver = await startOtlpReceiver();
    cleanups.push(() => receiver.close());
    const telemetry = startTelemetry({ otlp: `${receiver.url}/nowhere`, resource: {}, log });
    telemetry.write(aRecord());
    await telemetry.close();
    expect(receiver.spans).toEqual([]);
    expect(read()).toEqual(['telemetry was lost', 'telemetry was not flushed']);
  });

  it('drops whole traces when more come than can be sent, and keeps the metrics of all', async () => {
    const { receiver, telemetry } = await startBoth();
    await telemetry.ready;
    for (let i = 0; i < 1000; i += 1) telemetry.write(aRecord());
    const text = await telemetry.metricsText();
    await telemetry.close();
    const dropped = Number(/postern_telemetry_dropped_total\{postern_signal="span"\} (\d+)/.exec(text)?.[1]);
    expect(dropped).toBeGreaterThan(0);
    expect(text).toMatch(/postern_exchanges_total\{[^}]*\} 1000$/m);
    expect(receiver.spans).toHaveLength(4000 - dropped);
    expect(receiver.spans.length % 4).toBe(0);
  });
});
