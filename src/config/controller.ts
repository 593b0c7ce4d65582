// Text and environment in; the controller's settings or every problem at once out. Reads no file.
import { z } from 'zod';
import { ok, type Result } from '../lib/result.ts';
import { injectionSchema, toInjection, type InjectionSettings } from './injection.ts';
import { readSettings, type ConfigIssue, type ConfigSources } from './read-settings.ts';

const controllerSchema = z.strictObject({
  injection: injectionSchema.prefault({}).describe('How pods get their sidecar.'),
});

export interface ControllerConfig {
  readonly injection: InjectionSettings;
}

export function parseControllerConfig(
  sources: ConfigSources,
): Result<ControllerConfig, readonly ConfigIssue[]> {
  const read = readSettings(controllerSchema, sources);
  if (!read.ok) return read;
  const { parsed, written } = read.value;
  return ok(Object.freeze({ injection: toInjection(parsed.injection, written['injection'] ?? {}) }));
}
