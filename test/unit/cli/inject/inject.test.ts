import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseManifests } from '../../../../src/cli/inject/manifest-yaml.ts';
import { applyOperations, type Json } from '../../../../src/cluster/admit/index.ts';
import { NAMESPACE, patched, podOf } from '../../../support/admission.ts';
import { runCommand } from '../../../support/cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-inject-'));
  write('ns.yaml', 'kind: Namespace\nmetadata: {name: shop, labels: {postern.dev/inject: enabled}}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string | object): string {
  const file = join(folder, name);
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
  return file;
}

const SPEC = { containers: [{ name: 'chat', image: 'chat:1', env: [{ name: 'A', value: 'yes' }] }] };
const TEMPLATE = { metadata: { labels: { app: 'chat' } }, spec: SPEC };
const workload = (kind: string): Json => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'chat' },
  spec: { template: TEMPLATE },
});
const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job'];
const CRON = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'chat' },
  spec: { schedule: '0 * * * *', jobTemplate: { spec: { template: { spec: SPEC } } } },
};

async function fine(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(...argv);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const injectedIn = (pod: unknown): boolean => JSON.stringify(pod).includes('"name":"postern"');

/** With the uid of the moment left out. */
function settled(pod: Json): unknown {
  const { annotations } = pod['metadata'] as { annotations: Record<string, string> };
  const { uid } = JSON.parse(annotations['postern.dev/status'] ?? '{}') as { uid: number };
  return JSON.parse(JSON.stringify(pod).replaceAll(String(uid), '1'));
}

describe('inject', () => {
  it.each([...KINDS.map((kind) => [kind, workload(kind)] as const), ['CronJob', CRON] as const])(
    'adds a sidecar to the pods of a %s, and uninject takes it out again',
    async (_kind, manifest) => {
      const injected = await fine('inject', '-f', write('workload.json', manifest), '-o', 'json');
      expect(injectedIn(JSON.parse(injected))).toBe(true);
      const bare = await fine('uninject', '-f', write('injected.json', injected), '-o', 'json');
      expect(JSON.parse(bare)).toEqual(manifest);
    },
  );

  it('does to a pod what the cluster does', async () => {
    const file = write('pod.json', podOf());
    const injected = await fine(
      'inject',
      '-f',
      file,
      '--namespace-file',
      join(folder, 'ns.yaml'),
      '-o',
      'json',
    );
    const { operations } = patched({ pod: podOf(), namespace: NAMESPACE });
    expect(settled(JSON.parse(injected) as Json)).toEqual(settled(applyOperations(podOf(), operations)));
  });

  it('changes nothing the second time', async () => {
    const once = await fine('inject', '-f', write('once.json', podOf()));
    expect(await fine('inject', '-f', write('twice.yaml', once))).toBe(once);
  });

  it('takes documents, lists and what has no pods, and leaves these as they are', async () => {
    const service = { kind: 'Service', metadata: { name: 'chat' }, spec: { ports: [{ port: 80 }] } };
    const list = { kind: 'List', items: [podOf(), service, workload('Deployment')] };
    const text = `# comment\n---\n${JSON.stringify(list)}\n---\n---\n${JSON.stringify(service)}\n`;
    const read = parseManifests('out', await fine('inject', '-f', write('many.yaml', text)));
    const [first, second, ...more] = read.ok ? read.value : [];
    expect([second, more]).toEqual([service, []]);
    const items = first?.['items'];
    expect(Array.isArray(items) && items.map(injectedIn)).toEqual([true, false, true]);
    const json = JSON.parse(await fine('inject', '-f', write('many.yaml', text), '-o', 'json')) as Json;
    expect([json['kind'], json['items']]).toEqual([
      'List',
      [expect.objectContaining({ kind: 'List' }), service],
    ]);
  });

  it('leaves whoever opted out, and says so; refused pods end it without output', async () => {
    const out = podOf({}, { labels: { 'postern.dev/inject': 'disabled' } });
    const left = await runCommand('inject', '-f', write('out.json', out), '-o', 'json');
    expect([left.code, JSON.parse(left.stdout)]).toEqual([0, out]);
    expect(left.stderr).toBe('Pod/chat: left as it is (disabled_by_pod_label)\n');
    const bad = write('bad.json', podOf({ containers: [{ name: 'postern' }] }));
    const refused = await runCommand('inject', '-f', bad);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toBe('Pod/chat: refused: a container is called postern, as Postern’s own are\n');
    expect(JSON.parse((await runCommand('inject', '-f', bad, '-o', 'json')).stdout)).toMatchObject({
      denied: [{ name: 'Pod/chat' }],
    });
  });

  it('follows the settings of the controller', async () => {
    const settings = write('controller.yaml', 'injection: {interception: env, image: {reference: "mine:2"}}');
    const text = await fine('inject', '-f', write('pod.json', podOf()), '--settings', settings);
    expect(text).toContain('image: mine:2');
    const wrong = write('wrong.yaml', 'injection: {inject: maybe}');
    const { code, stderr } = await runCommand(
      'inject',
      '-f',
      write('pod.json', podOf()),
      '--settings',
      wrong,
    );
    expect([code, stderr]).toEqual([64, expect.stringContaining('wrong.yaml: injection.inject: ')]);
  });

  it.each([
    ['spec: [', 65, /bad\.yaml:\d+:\d+: /],
    ['- 1', 65, /document 1 is no manifest/],
    ['', 65, /there is no manifest|expected a document/],
  ])('cannot read %j, and says where', async (text, code, message) => {
    const run = await runCommand('inject', '-f', write('bad.yaml', text));
    expect([run.code, run.stdout]).toEqual([code, '']);
    expect(run.stderr).toMatch(message);
  });

  it('asks for its file, and for a namespace that fits', async () => {
    expect((await runCommand('inject')).stderr).toContain('--file is missing');
    expect((await runCommand('inject', 'pod.yaml')).stderr).toContain('manifests come by --file FILE');
    const elsewhere = write('elsewhere.json', podOf({}, { namespace: 'bank' }));
    const run = await runCommand('inject', '-f', elsewhere, '--namespace-file', join(folder, 'ns.yaml'));
    expect([run.code, run.stderr]).toEqual([64, expect.stringContaining('Pod/chat is of namespace bank')]);
    const odd = await runCommand('inject', '-f', elsewhere, '--namespace-file', elsewhere);
    expect([odd.code, odd.stderr]).toEqual([65, expect.stringContaining('it is no manifest of a Namespace')]);
  });
});

describe('YAML of manifests', () => {
  it('is read as kubectl reads it', () => {
    const read = parseManifests(
      'x',
      'a: 0644\nb: yes\nc: off\nd: 2001-01-01\ne: "0644"\nf: 12:30\ng: 08\nh: null\n',
    );
    expect(read.ok && read.value[0]).toEqual({
      a: 420,
      b: true,
      c: false,
      d: '2001-01-01',
      e: '0644',
      f: '12:30',
      g: 8,
      h: null,
    });
  });

  it('is written so that text stays text', async () => {
    const env = ['yes', '0644', '1e3', 'null', '~', '2001-01-01', '1_000', ' x', 'a: b', '#'].map(
      (value) => ({
        name: 'A',
        value,
      }),
    );
    const pod = podOf({ containers: [{ name: 'chat', env }] });
    const read = parseManifests('x', await fine('uninject', '-f', write('texts.json', pod)));
    expect(read.ok && read.value).toEqual([pod]);
  });
});

describe('explain pod', () => {
  it('names who decided, and what it is worth', async () => {
    const file = write('pod.json', podOf());
    const text = await fine('explain', 'pod', '-f', file, '--namespace-file', join(folder, 'ns.yaml'));
    expect(text.split('\n').slice(0, 3)).toEqual([
      'Pod/chat in namespace shop: gets a sidecar: the label of its namespace says so',
      '  mode env+redirect, grade guarded',
      expect.stringMatching(/^ {2}chat: OPENAI_BASE_URL, /),
    ]);
    expect(text).toContain('  warning: grade guarded, not enforced');
  });

  it('says why there is none, by the controller’s default', async () => {
    const file = write('pod.json', podOf());
    expect(await fine('explain', 'pod', '-f', file)).toBe(
      'Pod/chat in namespace default: no sidecar (disabled_by_default)\n' +
        '  nobody said anything, and the controller’s default is no\n',
    );
    expect(JSON.parse(await fine('explain', 'pod', '-f', file, '-o', 'json'))).toEqual({
      pods: [
        { name: 'Pod/chat', namespace: 'default', kind: 'skip', reason: 'disabled_by_default', warnings: [] },
      ],
    });
  });

  it('ends with 1 where a pod would be refused', async () => {
    const file = write('typo.json', podOf({}, { annotations: { 'postern.dev/injct': 'true' } }));
    const { code, stdout } = await runCommand('explain', 'pod', '-f', file);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'refused\n  postern.dev/injct is not an annotation of pods; did you mean postern.dev/inject?',
    );
  });
});
