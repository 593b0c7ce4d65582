import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ExchangeRecord, RequestMessage } from '../../../src/exchange/index.ts';
import { factsOfRequest } from '../../../src/gate/decide/index.ts';
import type { Judgement } from '../../../src/gate/enforce/index.ts';
import {
  decideFacts,
  openSnapshot,
  PolicyStore,
  readBundle,
  type Snapshot,
} from '../../../src/policy/index.ts';
import { Account } from '../../../src/sidecar/account.ts';
import { Trials } from '../../../src/sidecar/trials.ts';
import { aBundle, compileWasm } from '../../support/bundles.ts';
import { aRecord } from '../../support/exchange-record.ts';

const policy = (rule: string): string =>
  `package postern.main\nresult := {"test.policy": {"deny": [m | some m in data.says]}} if ${rule}`;
const SLOW = `slow if {
	input.model == "gpt-4o"
	some x in numbers.range(1, 3000)
	some y in numbers.range(1, 3000)
	x + y < 0
}`;
const MESSAGE: RequestMessage = {
  model: 'gpt-4o',
  stream: false,
  parts: [],
  tools: [],
  references: [],
  limits: {},
  coverage: { bytes: 600, judged: 600, opaque: 0, unknownFields: 0 },
};

describe('trials by a candidate', () => {
  const snapshots: Record<string, Snapshot> = {};
  const open = async (wasm: Uint8Array, says: readonly string[]): Promise<Snapshot> => {
    const bundle = readBundle(aBundle({ wasm, data: { says } }));
    if (!bundle.ok) throw new Error(bundle.error.message);
    const opened = await openSnapshot(bundle.value, {});
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    return opened.value;
  };
  beforeAll(async () => {
    const wasm = await compileWasm(policy('true'));
    snapshots['mild'] = await open(wasm, []);
    snapshots['strict'] = await open(wasm, ['No.']);
    snapshots['broken'] = await open(await compileWasm(policy('input.model != "gpt-4o"')), []);
    snapshots['endless'] = await open(await compileWasm(`${policy('not slow')}\n${SLOW}`), []);
  });

  const pick = (name: string): Snapshot => {
    const snapshot = snapshots[name];
    if (snapshot === undefined) throw new Error(name);
    return snapshot;
  };
  const judged = (snapshot: Snapshot): Judgement => {
    const { route } = aRecord();
    if (route === null) throw new Error('The record has a route.');
    const facts = factsOfRequest(MESSAGE, { route, findings: [] });
    return { decision: decideFacts(facts, snapshot), facts };
  };
  const setUp = (waitingBytes = 1_000) => {
    const records: ExchangeRecord[] = [];
    const candidates = new PolicyStore();
    const recorder = { write: (record: ExchangeRecord) => void records.push(record), close: async () => {} };
    const trials = new Trials({ candidates, recorder, audit: null, waitingBytes });
    return { records, candidates, trials };
  };

  it('write a record at once while there is no candidate', () => {
    const { records, trials } = setUp();
    const trial = trials.begin(new Account('env', 'cooperative'), pick('mild'));
    trial.compare('request', judged(pick('mild')));
    trial.close(aRecord());
    expect(records).toEqual([aRecord()]);
  });

  it('compare by the candidate that the exchange began with, and write the record when it has spoken', async () => {
    const { records, candidates, trials } = setUp();
    candidates.replace(pick('strict'));
    const trial = trials.begin(new Account('env', 'cooperative'), pick('mild'));
    candidates.replace(pick('mild'));
    trial.compare('request', judged(pick('mild')));
    trial.close(aRecord());
    expect(records).toEqual([]);
    await nextTurn();
    expect(records[0]?.candidate).toEqual({
      request: {
        digest: pick('strict').digest,
        result: 'newly_denied',
        action: 'deny',
        verdicts: [{ policy: 'test.policy', code: 'test.policy.deny', change: 'newly_denied' }],
        failure: null,
      },
    });
    expect(trials.status()).toMatchObject({ digest: pick('mild').digest, sides: {}, differences: [] });
  });

  it('count what changes, by the candidate in force', async () => {
    const { candidates, trials } = setUp();
    candidates.replace(pick('mild'));
    for (let i = 0; i < 3; i += 1) {
      trials
        .begin(new Account('env', 'cooperative'), pick('strict'))
        .compare('request', judged(pick('strict')));
      await nextTurn();
    }
    trials.begin(new Account('env', 'cooperative'), pick('mild')).compare('request', judged(pick('mild')));
    await nextTurn();
    expect(trials.status()).toMatchObject({
      sides: { newly_allowed: 3, same: 1 },
      differences: [{ policy: 'test.policy', code: 'test.policy.deny', change: 'newly_allowed', count: 3 }],
    });
  });

  it.each([
    ['gives no answer', 'broken', 'POSTERN_E_POLICY_EVALUATION'],
    ['runs out of fuel', 'endless', 'POSTERN_E_POLICY_FUEL'],
  ])('count a candidate that %s as failed', async (_, name, failure) => {
    const { records, candidates, trials } = setUp();
    candidates.replace(pick(name));
    const trial = trials.begin(new Account('env', 'cooperative'), pick('mild'));
    trial.compare('request', judged(pick('mild')));
    trial.close(aRecord());
    await nextTurn();
    expect(records[0]?.candidate.request).toMatchObject({
      result: 'failed',
      action: null,
      failure,
    });
  });

  it('keep no more messages waiting than there is room for, and count those that were dropped', async () => {
    const { records, candidates, trials } = setUp();
    candidates.replace(pick('strict'));
    for (let i = 0; i < 5; i += 1) {
      const trial = trials.begin(new Account('env', 'cooperative'), pick('mild'));
      trial.compare('request', judged(pick('mild')));
      trial.close(aRecord());
    }
    expect(records.map(({ candidate }) => candidate.request?.result)).toEqual(Array(4).fill('dropped'));
    await nextTurn();
    expect(trials.status()).toMatchObject({ sides: { dropped: 4, newly_denied: 1 } });
  });
});
