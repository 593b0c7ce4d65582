import { describe, expect, it } from '@jest/globals';
import {
  POLICY_SELECTORS,
  readCandidateFloor,
  readFloor,
  readFloors,
} from '../../../../src/cluster/distribute/index.ts';
import { aConfigMap, aPolicy } from '../../../support/config-maps.ts';

const namesIn = (...configMaps: Parameters<typeof readFloor>[0]) =>
  readFloor(configMaps).files.map(({ name }) => name);
const complaints = (...configMaps: Parameters<typeof readFloor>[0]) =>
  readFloor(configMaps).issues.map(({ configMap, key, code }) => `${configMap} ${key} ${code}`);

describe('the policies of a namespace', () => {
  it('are the keys of its labelled ConfigMaps, named after them, in one order', () => {
    const b = aConfigMap('team/b', { 'z.rego': aPolicy('team.z'), 'config.yaml': '{}' });
    const a = aConfigMap('team/a', { 'x.rego': aPolicy('team.x') });
    expect(namesIn(b, a)).toEqual(['team/a/x.rego', 'team/b/config.yaml', 'team/b/z.rego']);
    expect(readFloor([a, b]).hash).toBe(readFloor([b, a]).hash);
  });

  it('change with what they say, and with nothing else', () => {
    const hash = (text: string, note = '') =>
      readFloor([aConfigMap('team/a', { 'x.rego': text }, { annotations: { note } })]).hash;
    expect(hash('a')).toBe(hash('a', 'other'));
    expect(hash('a')).not.toBe(hash('b'));
  });

  it('are told apart by namespace; a ConfigMap without a label of ours holds none', () => {
    const floors = readFloors([
      aConfigMap('one/a', { 'x.rego': '' }),
      aConfigMap('two/a', { 'x.rego': '' }),
      aConfigMap('three/a', { 'x.rego': '' }, { labels: { app: 'shop' } }),
      aConfigMap('four/a', { 'x.rego': '' }, { labels: { 'openpolicyagent.org/policy': 'other' } }),
    ]);
    expect([...floors.keys()]).toEqual(['one', 'two']);
  });

  it('that are candidates are not in force: they join what stays, or take the place of what they name', () => {
    const as = (annotations: Record<string, string>) => ({ annotations });
    const a = aConfigMap('team/a', { 'x.rego': aPolicy('team.x') });
    const b = aConfigMap('team/b', { 'y.rego': aPolicy('team.y') });
    const more = aConfigMap('team/c', { 'z.rego': '' }, as({ 'postern.dev/channel': 'candidate' }));
    const next = aConfigMap(
      'team/next',
      { 'x.rego': '' },
      as({ 'postern.dev/channel': 'candidate', 'postern.dev/replaces': 'a' }),
    );
    expect(readFloor([a, b, more, next]).hash).toBe(readFloor([a, b]).hash);
    expect(readCandidateFloor([a, b])).toBeNull();
    const candidate = (...all: Parameters<typeof readFloor>[0]) =>
      readCandidateFloor(all)?.files.map(({ name }) => name);
    expect(candidate(a, b, more)).toEqual(['team/a/x.rego', 'team/b/y.rego', 'team/c/z.rego']);
    expect(candidate(a, b, next)).toEqual(['team/b/y.rego', 'team/next/x.rego']);
    expect([...readFloors([next]).values()]).toMatchObject([{ candidate: { files: [{}] } }]);
  });

  it('whose channel is not understood bind, and are refused', () => {
    const said = (annotations: Record<string, string>) =>
      complaints(aConfigMap('team/a', { 'x.rego': '' }, { annotations }));
    expect(said({ 'postern.dev/channel': 'beta' })).toEqual(['team/a  config_map.channel']);
    expect(said({ 'postern.dev/replaces': 'b' })).toEqual(['team/a  config_map.channel']);
    expect(said({ 'postern.dev/channel': 'stable' })).toEqual([]);
  });

  it('are found by one label selector for each label', () => {
    expect(POLICY_SELECTORS).toEqual([
      'postern.dev/policy',
      'postern.dev/data',
      'openpolicyagent.org/policy=rego',
      'openpolicyagent.org/data=opa',
    ]);
  });

  it.each([
    [{ 'postern.dev/policy': 'rego' }, ['a.rego', 'b.json', 'c.yaml', 'd.yml']],
    [{ 'postern.dev/data': 'json' }, ['b.json']],
    [{ 'postern.dev/data': 'yaml' }, ['c.yaml', 'd.yml']],
    [{ 'openpolicyagent.org/policy': 'rego' }, ['a.rego']],
    [{ 'openpolicyagent.org/data': 'opa' }, ['b.json', 'c.yaml', 'd.yml']],
  ])('of labels %j are keys of these kinds alone: %j', (labels, kinds) => {
    const keys = ['a.rego', 'b.json', 'c.yaml', 'd.yml', 'e.txt', 'README', '.f.rego'];
    const configMap = aConfigMap('team/a', Object.fromEntries(keys.map((key) => [key, ''])), { labels });
    const refused = readFloor([configMap]).issues.filter(({ code }) => code === 'config_map.key');
    expect(refused.map(({ key }) => key)).toEqual(keys.filter((key) => !kinds.includes(key)).sort());
  });

  it('are not read where a label of ours is not understood', () => {
    const configMap = aConfigMap('team/a', { 'a.rego': '' }, { labels: { 'postern.dev/policy': 'yaml' } });
    expect(complaints(configMap)).toEqual(['team/a  config_map.label']);
  });

  it('are text, of a size that can be compiled', () => {
    const binary = aConfigMap('team/a', {}, { binaryData: { 'x.rego': 'AA==' } });
    expect(complaints(binary)).toEqual(['team/a x.rego config_map.binary']);
    const large = [1, 2, 3, 4, 5].map((n) => aConfigMap(`team/m${n}`, { 'x.yaml': 'x'.repeat(900_000) }));
    expect(complaints(...large)).toEqual(['team/m5 x.yaml config_map.too_much']);
    const keys = Object.fromEntries(Array.from({ length: 257 }, (_, n) => [`${1000 + n}.rego`, '']));
    expect(complaints(aConfigMap('team/a', keys))).toEqual(['team/a 1256.rego config_map.too_much']);
  });
});

describe('the annotation postern.dev/enforcement-action', () => {
  const modesBy = (action: string, data: Readonly<Record<string, string>>) => {
    const annotations = { 'postern.dev/enforcement-action': action };
    const { files, issues } = readFloor([aConfigMap('team/a', data, { annotations })]);
    const modes = files.find(({ name }) => name === 'team/a/modes.json');
    return modes === undefined ? issues : (JSON.parse(modes.bytes.toString()) as unknown);
  };

  it('sets the mode of the policies in its ConfigMap, and of no other', () => {
    const data = {
      'x.rego': `# about x\n\n${aPolicy('team.x')}`,
      'y.rego': `\r\n${aPolicy('team.y')}`,
      'x_test.rego': aPolicy('team.x_test'),
      'lib.rego': '# package postern.policies.team.none\npackage team.lib\n',
    };
    expect(modesBy('warn', data)).toEqual({ policies: { 'team.x': 'warn', 'team.y': 'warn' } });
  });

  it('is one of the four modes, and the only word on them', () => {
    expect(modesBy('dryrun', {})).toEqual([expect.objectContaining({ code: 'config_map.action', key: '' })]);
    expect(modesBy('warn', { 'modes.yaml': '{}' })).toEqual([
      expect.objectContaining({ code: 'config_map.action', key: 'modes.yaml' }),
    ]);
  });
});
