// A pod as raw JSON in; the operations that take a sidecar of ours out of it, or null where there is none, out.
import type { Operation } from './draft.ts';
import { readPod } from './pod.ts';
import { readStatus } from './status.ts';
import { withdraw } from './withdraw.ts';

export function withdrawFrom(raw: unknown): readonly Operation[] | null {
  const pod = readPod(raw);
  const status = pod.ok ? readStatus(pod.value) : null;
  return pod.ok && status !== null ? withdraw(pod.value, status) : null;
}
