// Which Kubernetes `make cluster` makes on a machine, and what it says to kind: which cannot be run wherever this is tested.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { choose } from '../cluster/choose.ts';
import { kindCommands } from '../cluster/kind-commands.ts';

describe('the cluster of a machine', () => {
  it('is a node of our own wherever that is possible, whatever else is there', () => {
    expect(choose({ obstacle: null, hasKind: true, engine: 'docker' })).toEqual({ kind: 'node' });
  });

  it('is kind’s where no node can be made, by the engine that answers', () => {
    const facts = { obstacle: 'a node needs Linux', hasKind: true };
    expect(choose({ ...facts, engine: 'docker' })).toEqual({ kind: 'kind', engine: 'docker' });
    expect(choose({ ...facts, engine: 'podman' })).toEqual({ kind: 'kind', engine: 'podman' });
  });

  it('is none without both, and says what is missing', () => {
    const facts = { obstacle: 'a node needs root' };
    expect(choose({ ...facts, hasKind: false, engine: 'docker' })).toEqual({
      kind: 'none',
      why: 'a node needs root, and kind is not on PATH',
    });
    expect(choose({ ...facts, hasKind: true, engine: null })).toEqual({
      kind: 'none',
      why: 'a node needs root, and neither docker nor podman answers',
    });
  });
});

describe('kind', () => {
  const commands = kindCommands({ engine: 'podman', kubeconfig: '/state/admin.kubeconfig', root: '/repo' });
  const kind = 'env KIND_EXPERIMENTAL_PROVIDER=podman kind';

  it('makes a cluster of its own name, with a kubeconfig of its own, and takes both away', () => {
    const own = '--kubeconfig /state/admin.kubeconfig';
    expect(commands.up.join(' ')).toBe(
      `${kind} create cluster ${own} --config /repo/test/cluster/kind.yaml --wait 180s --name postern`,
    );
    expect(commands.down.join(' ')).toBe(`${kind} delete cluster ${own} --name postern`);
  });

  it('gets images that the engine built, as archives', () => {
    const built = { image: 'localhost/postern:test', dockerfile: '/repo/Dockerfile', context: '/repo' };
    expect(
      commands.build({ ...built, archive: '/archives/postern.tar' }).map((line) => line.join(' ')),
    ).toEqual([
      'podman build --tag localhost/postern:test --file /repo/Dockerfile /repo',
      'podman save --output /archives/postern.tar localhost/postern:test',
    ]);
    expect(commands.load('/archives/postern.tar').join(' ')).toBe(
      `${kind} load image-archive /archives/postern.tar --name postern`,
    );
  });

  it('ends a container inside its node', () => {
    expect(commands.killContainer('abc').join(' ')).toBe(
      'podman exec postern-control-plane ctr --namespace k8s.io task kill --signal SIGKILL abc',
    );
  });

  it('is told of one node, and to look at ConfigMaps often', () => {
    const config = load(readFileSync(join(import.meta.dirname, '../cluster/kind.yaml'), 'utf8')) as {
      nodes: readonly object[];
      kubeadmConfigPatches: readonly string[];
    };
    expect(config.nodes).toEqual([{ role: 'control-plane' }]);
    expect(load(config.kubeadmConfigPatches[0] ?? '')).toMatchObject({
      kind: 'KubeletConfiguration',
      syncFrequency: '2s',
    });
  });
});
