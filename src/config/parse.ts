// Text and environment in; the sidecar's frozen Config or every problem at once out. Reads no file.
import { ok, type Result } from '../lib/result.ts';
import { freezeConfig, type Config } from './config.ts';
import { readSettings, type ConfigIssue, type ConfigSources } from './read-settings.ts';
import { configSchema } from './schema.ts';

export function parseConfig(sources: ConfigSources): Result<Config, readonly ConfigIssue[]> {
  const read = readSettings(configSchema, sources);
  return read.ok ? ok(freezeConfig(read.value.parsed)) : read;
}

/** One line a problem: what, where, and what to do. */
export const formatIssue = (issue: ConfigIssue): string =>
  [issue.source, issue.field, issue.message].filter((text) => text !== '').join(': ');
