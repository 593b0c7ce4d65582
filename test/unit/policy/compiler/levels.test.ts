import { beforeAll, describe, expect, it } from '@jest/globals';
import { readBundle, type Bundle } from '../../../../src/policy/bundle.ts';
import { compilePolicies, NO_SOURCES, type RegoCompiler } from '../../../../src/policy/compiler/index.ts';
import { openSnapshot } from '../../../../src/policy/snapshot.ts';
import { requireCompiler, sourcesOf } from '../../../support/rego.ts';

type Files = Readonly<Record<string, string>>;

const BUILTIN = sourcesOf(
  {
    'length.rego':
      'package postern.policies.length.limit\n\ndeny contains "Too long." if input.parts[0].chars > data.config.max\n',
    'data.yaml':
      'config: {max: 10, languages: [en]}\ndetectors: {entropy: {stream: bounded}}\npatterns: []\n',
  },
  '@postern/',
);
const PLATFORM = {
  'acme.rego':
    'package postern.policies.acme.region\n\ndeny contains "Not here." if data.config.region != "eu"\n',
  'lib.rego': 'package acme.lib\n\nis_known(name) if name in data.config.languages\n',
  'config.yaml': 'region: eu\n',
};
const TEAM = { 'own.rego': 'package postern.policies.team.own\n\nwarn contains "So." if input.stream\n' };

let compiler: RegoCompiler;
beforeAll(async () => {
  compiler = await requireCompiler();
});

const attempt = (team: Files, platform: Files | null = PLATFORM) =>
  compilePolicies(sourcesOf({ ...TEAM, ...team }), {
    compiler,
    builtin: BUILTIN,
    platform: platform === null ? NO_SOURCES : sourcesOf(platform, 'platform/'),
    revision: '',
  });

async function compile(team: Files, platform: Files | null = PLATFORM): Promise<Bundle> {
  const bytes = await attempt(team, platform);
  if (!bytes.ok) throw new Error(JSON.stringify(bytes.error));
  const bundle = readBundle(bytes.value);
  if (!bundle.ok) throw new Error(bundle.error.message);
  return bundle.value;
}

async function refuse(team: Files, platform: Files | null = PLATFORM): Promise<string[]> {
  const bytes = await attempt(team, platform);
  return bytes.ok
    ? ['compiled']
    : bytes.error.map(({ code, file, message }) => `${file}: ${code}: ${message}`);
}

async function modesIn(bundle: Bundle, namespace = ''): Promise<Readonly<Record<string, string>>> {
  const snapshot = await openSnapshot(bundle, { namespace });
  if (!snapshot.ok) throw new Error(JSON.stringify(snapshot.error));
  return snapshot.value.modes;
}

describe('a platform and a team', () => {
  it('are told apart in the bundle; a team without one is its own platform', async () => {
    const levels = ({ policies }: Bundle) => Object.fromEntries(policies.map(({ id, level }) => [id, level]));
    expect(levels(await compile({}))).toEqual({
      'acme.region': 'platform',
      'length.limit': 'platform',
      'team.own': 'tenant',
    });
    expect(levels(await compile({}, null))).toMatchObject({ 'team.own': 'platform' });
  });

  it('share data, of which a team may add what nobody said, and replace nothing', async () => {
    expect((await compile({ 'config.yaml': 'team_only: 1' })).data).toMatchObject({
      config: { max: 10, region: 'eu', team_only: 1 },
    });
    expect(await refuse({ 'config.yaml': 'max: 1000000' })).toEqual([
      "config.yaml: data.locked: data.config.max is the platform's to say, and not listed in its open_to_teams.",
    ]);
    expect(await refuse({ 'detectors.yaml': 'entropy: { stream: lag 64 }' })).toEqual([
      expect.stringContaining("data.detectors.entropy.stream is the platform's to say"),
    ]);
    expect((await compile({ 'config.yaml': 'max: 1000000' }, null)).data).toMatchObject({
      config: { max: 1000000 },
    });
  });

  it('are a platform and a team also where the platform gives no data', async () => {
    expect(await refuse({ 'config.yaml': 'max: 99999' }, { 'modes.yaml': '{}' })).toEqual([
      expect.stringContaining("data.config.max is the platform's to say"),
    ]);
  });

  it('agree on what a team may replace', async () => {
    const open = { ...PLATFORM, 'open_to_teams.yaml': '[config.languages]' };
    const bundle = await compile({ 'config.yaml': 'languages: [fr]' }, open);
    expect(bundle.data).toMatchObject({ config: { languages: ['fr'] } });
    expect(await refuse({ 'config.yaml': 'region: us' }, open)).toEqual([
      expect.stringContaining('data.config.region'),
    ]);
    expect(await refuse({ 'open_to_teams.yaml': '[config.max]', 'config.yaml': 'max: 99' })).toEqual([
      expect.stringContaining('data.config.max'),
    ]);
  });

  it('do not share packages: a team adds no rule to what the platform relies on, nor below or above it', async () => {
    for (const name of ['acme.lib', 'acme.lib.more', 'acme', 'postern.policies.acme.region']) {
      expect(await refuse({ 'x.rego': `package ${name}\n\ndeny contains "x" if input.stream\n` })).toEqual([
        expect.stringContaining('policy.taken'),
      ]);
    }
  });
});

describe('modes in a bundle', () => {
  it('hold for all namespaces, or for one', async () => {
    const bundle = await compile(
      {},
      {
        ...PLATFORM,
        'modes.yaml':
          'policies: {length.limit: warn}\nnamespaces: {staging: {length.limit: off, acme.region: audit}}',
      },
    );
    expect(await modesIn(bundle)).toEqual({
      'acme.region': 'enforce',
      'length.limit': 'warn',
      'team.own': 'enforce',
    });
    expect(await modesIn(bundle, 'staging')).toMatchObject({ 'acme.region': 'audit', 'length.limit': 'off' });
    expect(await modesIn(bundle, 'toString')).toMatchObject({ 'length.limit': 'warn' });
  });

  it('are no data: policies do not see how they are heard', async () => {
    expect((await compile({ 'modes.yaml': 'policies: {team.own: audit}' })).data).not.toHaveProperty('modes');
  });

  it('may be made stricter by a team, in every namespace, also where the platform is lenient', async () => {
    const lenient = { ...PLATFORM, 'modes.yaml': 'namespaces: {staging: {length.limit: audit}}' };
    const bundle = await compile(
      { 'modes.yaml': 'policies: {length.limit: enforce, team.own: off}' },
      lenient,
    );
    expect(await modesIn(bundle, 'staging')).toMatchObject({ 'length.limit': 'enforce', 'team.own': 'off' });
  });

  it.each([
    ['policies: {length.limit: audit}', 'length.limit is enforce by the platform, and audit here'],
    ['namespaces: {prod: {acme.region: off}}', 'acme.region is enforce by the platform, and off here'],
  ])('are not made weaker by a team: %s', async (modes, complaint) => {
    expect(await refuse({ 'modes.yaml': modes })).toEqual([
      `modes.yaml: modes.weaker: ${complaint}; a team can only be stricter.`,
    ]);
    expect(await refuse({ 'modes.yaml': modes }, null)).toEqual(
      modes.includes('acme') ? ['modes.yaml: modes.unknown: There is no policy acme.region.'] : ['compiled'],
    );
  });

  it.each([
    ['policies: {length.limit: loud}', 'policies.length.limit must be one of enforce, warn, audit, off'],
    ['policy: {}', 'policy is not known; there are policies and namespaces'],
    ['namespaces: {"Not a name": {}}', 'namespaces.Not a name is not the name of a namespace'],
    ['[]', 'must be a mapping'],
  ])('are refused when they are not understood: %s', async (modes, complaint) => {
    expect(await refuse({ 'modes.yaml': modes })).toEqual([`modes.yaml: modes.malformed: ${complaint}.`]);
  });

  it('stand in one file', async () => {
    expect(await refuse({ 'modes.yaml': '{}', 'modes.json': '{}' })).toEqual([
      'modes.json: modes.twice: modes.yaml says the modes already.',
    ]);
  });
});
