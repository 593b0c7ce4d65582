// Every way round that is known, tried for real, in network namespaces, under users of their own.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/until.ts';
import { ATTEMPTS, type Attempt, type Outcome } from './attempts.ts';
import { whyNot } from './namespaces.ts';
import { MODES, UIDS } from './places.ts';
import { Pod, type Tried } from './pod.ts';

const reason = whyNot();
if (reason !== null) process.stderr.write(`SKIP: ways round in network namespaces: ${reason}\n`);

const uidOf = ({ as }: Attempt): number | null => (as === 'root' ? null : UIDS[as ?? 'app']);

function outcomeOf({ hits, output }: Tried): Outcome {
  if (hits.some(({ place }) => place !== 'web')) return 'through';
  if (hits.length > 0) return 'elsewhere';
  return /content_filter|postern_e_/.test(output) ? 'refused' : 'blocked';
}

(reason === null ? describe : describe.skip).each(MODES)('in mode %s', (mode) => {
  let pod: Pod;
  beforeAll(async () => {
    pod = await Pod.start(mode);
  });
  afterAll(() => pod[Symbol.asyncDispose]());

  it.each(ATTEMPTS.map((attempt) => [attempt.title, attempt.outcomes[mode], attempt] as const))(
    '%s: %s',
    async (...[, outcome, attempt]) => {
      const tried = await pod.try(['sh', '-c', attempt.command], uidOf(attempt));
      expect([outcomeOf(tried), tried]).toEqual([outcome, tried]);
    },
  );

  it('with the sidecar killed under load: blocked, every time', async () => {
    const command = ATTEMPTS[0]?.command ?? '';
    const asking = [
      'sh',
      '-c',
      `for i in $(seq 15); do ${command.replace('-m 6', '-m 1')}; sleep 0.05; done`,
    ];
    const load = pod.try(asking);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await pod.kill();
    expect((await load).hits).toEqual([]);
    await pod.startSidecar();
    expect(outcomeOf(await pod.try(['sh', '-c', command]))).toBe('refused');
  });
});

(reason === null ? describe : describe.skip).each(['redirect', 'strict'] as const)(
  'rules that are flushed in mode %s',
  (mode) => {
    let pod: Pod;
    beforeAll(async () => {
      pod = await Pod.start(mode);
    });
    afterAll(() => pod[Symbol.asyncDispose]());

    /** A process for each look: not too many of them. */
    const alive = async (): Promise<boolean> => {
      await pause(250);
      return /"isAlive":true/.test((await pod.fetch('/status')).output);
    };

    it('are seen to be gone, in health, metrics, log and grade; and to be back', async () => {
      await until('the canary sings', alive);
      expect((await pod.fetch('/healthz')).output).toContain('"ok"');
      await pod.try(['nft', 'flush', 'table', 'inet', 'postern'], null);
      await until('the canary is silent', async () => !(await alive()));
      const health = await pod.fetch('/healthz');
      expect([health.code === 0, health.output]).toEqual([
        mode === 'redirect',
        expect.stringContaining(mode === 'redirect' ? '"degraded"' : '"failed"'),
      ]);
      expect((await pod.fetch('/metrics')).output).toMatch(/postern_interception_alive(\{.*\})? 0/);
      expect((await pod.fetch('/status')).output).toContain('{"mode":"redirect","grade":"cooperative"}');
      expect(pod.log()).toContain('are gone');
      await pod.redirect();
      await until('the canary sings again', alive);
      expect((await pod.fetch('/status')).output).toContain('{"mode":"redirect","grade":"enforced"}');
    });

    it('cannot be flushed by the application', async () => {
      const { code } = await pod.try(['nft', 'flush', 'table', 'inet', 'postern']);
      expect(code).not.toBe(0);
      expect(await alive()).toBe(true);
    });
  },
);
