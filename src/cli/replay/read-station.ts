// A sidecar's configuration in; the modes and the namespace that it sets out.
import { formatIssue, parseConfig } from '../../config/index.ts';
import { UsageError } from '../command.ts';
import { readBytes } from '../policy/read-bytes.ts';
import type { Station } from './open-bundle.ts';

/** Without a configuration the bundles' own modes count. Throws UsageError when it is not one. */
export async function readStation(file: string | undefined): Promise<Station> {
  if (file === undefined) return { modes: {}, namespace: '' };
  const text = (await readBytes(file)).toString();
  const parsed = parseConfig({ file, text, env: process.env });
  if (!parsed.ok) throw new UsageError(parsed.error.map(formatIssue).join('\n'));
  const { modes, namespace } = parsed.value.policy;
  return { modes, namespace };
}
