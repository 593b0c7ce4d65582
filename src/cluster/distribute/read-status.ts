// The ConfigMap in which the controller tells how a namespace stands in; what it says, as far as it is understood, out.
import { z } from 'zod';
import { identityOf, type KubeObject } from '../reflect/index.ts';
import type { ConfigMap } from './config-map.ts';
import { STATUS_KEY, STATUS_NAME } from './names.ts';

const text = z.string();
const whole = z.int().nonnegative();

const podIssue = z.object({ file: text, row: whole, column: whole, message: text });
const pod = z.object({
  pod: text,
  uid: text,
  state: z.enum(['ok', 'degraded', 'pending']),
  digest: text.nullable(),
  at: text.nullable(),
  issues: z.array(podIssue).default([]),
});

const setIssue = z.object({
  configMap: text,
  key: text,
  row: whole,
  column: whole,
  code: text,
  message: text,
});
const candidate = z.object({
  state: z.enum(['error', 'pending', 'held', 'compared', 'obeyed']),
  digest: text.nullable(),
  percent: whole,
  obeying: whole,
  comparing: whole,
  sides: z.object({ compared: whole, newlyDenied: whole, newlyAllowed: whole, failed: whole }),
  hold: z.object({ digest: text, why: text, at: text }).nullable(),
  issues: z.array(setIssue),
});

/** A newer controller may say more; an older one does not say of what its word is. */
const schema = z.object({
  state: z.enum(['ok', 'pending', 'degraded', 'error']),
  digest: text.nullable(),
  acknowledged: whole,
  pods: whole,
  channel: z.enum(['newest', 'pinned', 'missing']).default('newest'),
  pin: text.nullable().default(null),
  sources: z.object({ platform: text, own: text }).nullable().default(null),
  maker: text.default(''),
  candidate: candidate.nullable().default(null),
  issues: z.array(setIssue),
  byPod: z.array(pod),
});

export type ToldStatus = z.infer<typeof schema>;

/** Null when it says nothing that can be relied on. */
export function readStatus({ data }: ConfigMap): ToldStatus | null {
  try {
    return schema.safeParse(JSON.parse(data?.[STATUS_KEY] ?? '')).data ?? null;
  } catch {
    return null;
  }
}

export interface KeptStatus extends KubeObject {
  readonly status: ToldStatus | null;
}

/** Read once; of what others labelled so only the name is held. */
export function keepStatus(configMap: ConfigMap): KeptStatus {
  const status = configMap.metadata.name === STATUS_NAME ? readStatus(configMap) : null;
  return { metadata: identityOf(configMap), status };
}
