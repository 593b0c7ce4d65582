// A candidate in a ConfigMap of a real API server: compared by real sidecars, obeyed by some, held back when it changes too much.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLlm, type LlmServer } from '../../../src/demo/llm/index.ts';
import { canStartApiServer } from '../../support/api-server.ts';
import { runCommand, type CliRun } from '../../support/cli.ts';
import { startEnrolled } from '../../support/enrolled.ts';
import { canRender } from '../../support/helm.ts';
import { Installation } from '../../support/installation.ts';
import type { Postern } from '../../support/postern.ts';
import { until } from '../../support/until.ts';

const rego = (model: string): string =>
  `package postern.policies.own.models\n\ndeny contains "No." if input.model == "${model}"\n`;
const configMap = (name: string, model: string, annotations: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'team', labels: { 'postern.dev/policy': 'rego' }, annotations },
  data: { 'own.rego': rego(model) },
});
const next = (model: string): object =>
  configMap('next', model, { 'postern.dev/channel': 'candidate', 'postern.dev/replaces': 'own' });

interface Told {
  readonly state: string;
  readonly digest: string;
  readonly percent: number;
  readonly obeying: number;
  readonly comparing: number;
  readonly sides: { readonly compared: number; readonly newlyDenied: number };
  readonly hold: { readonly why: string } | null;
}

(canStartApiServer && canRender ? describe : describe.skip)('a candidate', () => {
  let home: Installation;
  let llm: LlmServer;
  const posterns: Postern[] = [];

  beforeAll(async () => {
    home = await Installation.start([['team', 'postern.dev/inject=enabled']]);
    llm = await startLlm();
    await apply(configMap('own', 'poet'));
    for (const name of ['one', 'two'])
      posterns.push(await startEnrolled(home, { namespace: 'team', llm, name }));
    await until('the first policies', async () => (await statuses('poet')).every((status) => status === 400));
  });
  afterAll(async () => {
    for (const each of posterns) await each[Symbol.asyncDispose]();
    await llm.close();
    await home[Symbol.asyncDispose]();
  });

  const apply = (object: object): Promise<void> => home.apply(object);
  const annotate = (...annotations: readonly string[]): Promise<string> =>
    home.api.kubectl('annotate', '--overwrite', 'namespace', 'team', ...annotations);
  const ask = async (postern: Postern, model: string): Promise<number> => {
    const answer = await fetch(`${postern.url}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  const statuses = (model: string): Promise<readonly number[]> =>
    Promise.all(posterns.map((each) => ask(each, model)));
  const told = async (): Promise<Told | null> => {
    const read = [
      'get',
      'configmap',
      'postern-policy-status',
      '-n',
      'team',
      '-o',
      'jsonpath={.data.status\\.json}',
    ];
    return (JSON.parse(await home.api.kubectl(...read)) as { candidate: Told | null }).candidate;
  };
  const policy = (...words: readonly string[]): Promise<CliRun> =>
    runCommand('policy', ...words, '-n', 'team', '--kubeconfig', home.api.kubeconfig);

  it('that is broken is refused at apply, as any other', async () => {
    const broken = { ...next('x'), data: { 'own.rego': `${rego('x')}\nbroken := nowhere(1)\n` } };
    expect(await home.refusal(broken, 'team')).toMatch(/own\.rego:\d+:\d+/);
  });

  it('is compared by every pod and obeyed by none, and it is told what it would change', async () => {
    await apply(next('bard'));
    await until('that both compare it', async () => (await told())?.state === 'compared');
    expect(await statuses('bard')).toEqual([200, 200]);
    expect(await statuses('poet')).toEqual([400, 400]);
    // Questions and answers, in both pods.
    await until('the counts', async () => ((await told())?.sides.newlyDenied ?? 0) === 4);
    const { stdout } = await policy('status');
    expect(stdout).toMatch(
      /team: candidate \w{12}: compared, by 2 of 2 pods; of \d+ sides 4 newly denied, \d+ newly allowed, 0 failed/,
    );
  });

  it('is obeyed by as many pods as the Namespace says, and the policies in force by the others', async () => {
    await annotate('postern.dev/policy-channel=candidate', 'postern.dev/candidate-limit-percent=100');
    await until('that both obey it', async () => (await statuses('bard')).every((status) => status === 400));
    expect(await statuses('poet')).toEqual([200, 200]);
    await until('that it is told', async () => (await told())?.state === 'obeyed');
    expect((await policy('wait')).code).toBe(0);
    await annotate('postern.dev/candidate-percent=0');
    await until('that none obeys it', async () => (await statuses('bard')).every((status) => status === 200));
  });

  it('that changes too much is held back by itself, told, and obeyed again when somebody approves', async () => {
    await annotate('postern.dev/candidate-percent=100', 'postern.dev/candidate-limit-percent=5');
    await until('that both obey it', async () => (await statuses('bard')).every((status) => status === 400));
    for (let turn = 0; turn < 40; turn += 1) await statuses('bard');
    await until('that it is held', async () => (await told())?.state === 'held');
    await until('that none obeys it', async () => (await statuses('bard')).every((status) => status === 200));
    const { digest, hold } = (await told())!;
    expect(hold?.why).toMatch(/changes \d+ of \d+ sides/);
    expect((await policy('status')).stdout).toMatch(/held: it changes \d+ of/);
    const read = [
      'get',
      'configmap',
      'next',
      '-n',
      'team',
      '-o',
      'jsonpath={.metadata.annotations.postern\\.dev/policy-status}',
    ];
    await until('its annotation', async () => /"state":"held"/.test(await home.api.kubectl(...read)));
    expect((await policy('approve', '0123456789ab')).code).toBe(1);
    expect((await policy('approve', digest.slice(0, 12))).code).toBe(0);
    await until('that both obey it', async () => (await statuses('bard')).every((status) => status === 400));
  });

  it('goes with its ConfigMap', async () => {
    await home.api.kubectl('delete', 'configmap', 'next', '-n', 'team');
    await until('the policies in force', async () =>
      (await statuses('bard')).every((status) => status === 200),
    );
    await until('that it is told', async () => (await told()) === null);
    expect(await statuses('poet')).toEqual([400, 400]);
    const status = (await (await fetch(`${posterns[0]!.admin}/status`)).json()) as {
      candidate: { digest: string | null };
    };
    expect(status.candidate.digest).toBeNull();
  });
});
