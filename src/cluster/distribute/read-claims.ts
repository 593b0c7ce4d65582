// A token in; whose it says it is out, if it is for us. Nothing of it is proven: it only spares the API server what cannot be.
import { z } from 'zod';

export interface Claims {
  readonly namespace: string;
  readonly pod: string;
  readonly podUid: string;
}

const LONGEST_TOKEN = 8192;
const SHAPE = /^[\w-]+\.([\w-]+)\.[\w-]+$/;

const named = z.object({ name: z.string(), uid: z.string() });
const payload = z.object({
  aud: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  'kubernetes.io': z.object({ namespace: z.string(), pod: named }),
});

/** Null for what is no token of a pod, or for somebody else. */
export function readClaims(token: string, audience: string): Claims | null {
  if (token.length > LONGEST_TOKEN) return null;
  const parsed = payload.safeParse(readJson(SHAPE.exec(token)?.[1] ?? ''));
  if (!parsed.success || !parsed.data.aud.includes(audience)) return null;
  const { namespace, pod } = parsed.data['kubernetes.io'];
  return { namespace, pod: pod.name, podUid: pod.uid };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}
