// The chart and values in; the objects that Helm makes of it out.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';

const CACHE =
  process.env['CLUSTER_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'postern-cluster');
const HELM = join(CACHE, 'bin/helm');
const CHART = join(import.meta.dirname, '../../charts/postern');

/** For `(canRender ? describe : describe.skip)(…)`. */
export const canRender: boolean = existsSync(HELM);
if (!canRender)
  process.stderr.write(
    'SKIP: tests of the chart: build Helm once (needs Go) by test/cluster/node/build helm\n',
  );

export interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
}

export async function renderText(...args: readonly string[]): Promise<string> {
  const command = ['template', 'postern', CHART, '--namespace', 'postern-system', ...args];
  return (await promisify(execFile)(HELM, command, { maxBuffer: 2 ** 24 })).stdout;
}

export const render = async (...args: readonly string[]): Promise<readonly Rendered[]> =>
  loadAll(await renderText(...args)).filter((document): document is Rendered => document !== null);
