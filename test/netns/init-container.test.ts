// The container that goes before the sidecar: with what it is given, and no more, it puts the rules in force.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { patched, podOf, UID } from '../support/admission.ts';
import { whyNot } from './namespaces.ts';

const reason = whyNot();
if (reason !== null) process.stderr.write(`SKIP: the container of the rules: ${reason}\n`);

interface Container {
  readonly command: readonly string[];
  readonly args: readonly string[];
}

/** As the kubelet starts it: root of nothing but the network, and never more. */
const CONFINED = ['--bounding-set', '-all,+net_admin', '--inh-caps', '-all', '--no-new-privs'];

(reason === null ? describe : describe.skip)('postern-init', () => {
  it('puts the rules in force, and the same once more when the pod starts anew', () => {
    const settings = {
      injection: {
        cluster: { ranges: ['10.96.0.0/12', 'fd00:10:96::/112'], resolvers: ['10.96.0.10'] },
        sidecar: { interception: { strict: true } },
      },
    };
    const [operation] = patched({ pod: podOf(), settings }).operations;
    const [init] = (operation as { value: readonly Container[] }).value;
    const words = [...(init?.command ?? []), ...(init?.args ?? [])];
    const script = 'setpriv "$@" && setpriv "$@" && nft list ruleset';
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      ['--net', 'sh', '-c', script, 'sh', ...CONFINED, ...words],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.match(/redirect to :7413/g)).toHaveLength(3);
    expect(stdout).toContain(`meta skuid ${UID} return`);
  });
});
