// The image starts a sidecar's Node; the chart starts the controller's: as strict, with the memory that its limit allows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { readRunStage } from '../../cluster/dockerfile.ts';

const ROOT = join(import.meta.dirname, '../../..');

interface Deployment {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: ReadonlyArray<{
          readonly command?: readonly string[];
          readonly args: readonly string[];
          readonly resources: { readonly limits: { readonly memory: string } };
        }>;
      };
    };
  };
}

/** As the chart renders it: test/cluster/api/install.test.ts compares them. */
function containerOf(): Deployment['spec']['template']['spec']['containers'][number] {
  const objects = loadAll(readFileSync(join(ROOT, 'k8s/install/postern.yaml'), 'utf8')) as Deployment[];
  const [container] = objects.find(({ kind }) => kind === 'Deployment')?.spec.template.spec.containers ?? [];
  if (container === undefined) throw new Error('There is a controller.');
  return container;
}

const isHeap = (flag: string): boolean => /^--max-(?:old-space|semi-space)-size/.test(flag);
/** It gives memory back in quiet moments, of which a controller makes no use. */
const isSidecars = (flag: string): boolean => flag === '--expose-gc';
const { entrypoint } = readRunStage(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
const { command = [], args, resources } = containerOf();

describe('the command of the controller', () => {
  it('is the image’s own, but for the size of the heap and what is the sidecar’s alone', () => {
    expect(command.filter((flag) => !isHeap(flag))).toEqual(
      entrypoint.filter((flag) => !isHeap(flag) && !isSidecars(flag)),
    );
    expect(args[0]).toBe('controller');
  });

  it('grants the heap a share of the memory limit, and leaves half of it to the compiler beside', () => {
    const share = command.flatMap((flag) => /^--max-old-space-size-percentage=(\d+)$/.exec(flag)?.[1] ?? []);
    expect(share).toHaveLength(1);
    expect(Number(share[0])).toBeGreaterThanOrEqual(30);
    expect(Number(share[0])).toBeLessThanOrEqual(50);
    expect(command.filter((flag) => flag.startsWith('--max-old-space-size='))).toEqual([]);
    expect(resources.limits.memory).toBe('1Gi');
  });
});
