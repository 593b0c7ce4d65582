// How the built-in detectors are set in, checked, out. Nothing is guessed: an unknown name or key is an issue.
import { err, ok } from '../../lib/result.ts';
import type { Result } from '../../lib/result.ts';
import type { PatternIssue } from './pattern.ts';
import { DETECTORS } from './registry.ts';
import { readWait } from './stream-wait.ts';
import type { StreamWait } from './stream-wait.ts';

/** By the name of a built-in detector; for those that are not named it is bounded. */
export type DetectorWaits = ReadonlyMap<string, StreamWait>;

type Complain = (key: string, message: string) => undefined;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readDetector = (name: string, value: unknown, complain: Complain): StreamWait | undefined => {
  const names = DETECTORS.map((detector) => detector.name);
  if (!names.includes(name)) return complain('', `is no built-in detector; those are ${names.join(', ')}`);
  if (!isFields(value)) return complain('', 'must be an object');
  for (const key of Object.keys(value)) if (key !== 'stream') complain(key, 'is not a key of a detector');
  return readWait(value['stream'], complain);
};

export const parseDetectors = (data: unknown): Result<DetectorWaits, readonly PatternIssue[]> => {
  if (!isFields(data)) return err([{ path: '', message: 'must be an object' }]);
  const issues: PatternIssue[] = [];
  const waits = Object.entries(data).flatMap(([name, value]) => {
    const wait = readDetector(name, value, (key, message) => {
      issues.push({ path: `.${name}${key === '' ? '' : `.${key}`}`, message });
      return undefined;
    });
    return wait === undefined ? [] : [[name, wait] as const];
  });
  return issues.length === 0 ? ok(new Map(waits)) : err(issues);
};
