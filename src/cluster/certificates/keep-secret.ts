// The shared Secret in; the same in order out: authorities that overlap, and are trusted before they issue. For the leader alone.
import {
  type Answered,
  type Client,
  createObject,
  getObject,
  type Owner,
  replaceObject,
  SECRETS,
} from '../reflect/index.ts';
import { type Kept, parseKept, type Secret, stateOf, trustOf, writeKept } from './kept.ts';
import type { CertificatesLog } from './log.ts';
import { planRotation, type Step } from './rotation.ts';
import { type Circumstances, takeStep } from './take-step.ts';

interface KeepOptions {
  readonly client: Client;
  /** Of the Secret, where we make it. */
  readonly owner: Owner;
  readonly secret: { readonly namespace: string; readonly name: string };
  readonly circumstances: Circumstances;
  readonly publish: (pem: string) => Promise<boolean>;
  readonly log: CertificatesLog;
}

/** One pass over the whole plan; true when it came to its end. Whatever breaks off is taken up by the next. */
export async function keepSecret(options: KeepOptions): Promise<boolean> {
  const { client, secret, circumstances, log } = options;
  const { now, terms, names } = circumstances;
  const found = await getObject<Secret>(client, SECRETS, secret);
  if (!found.ok && found.error.code !== 'not_found') {
    log.warn('the Secret of the certificates could not be read', {
      why: secret.name,
      code: found.error.code,
    });
    return false;
  }
  let held: Secret = found.ok ? found.value : { metadata: secret };
  for (const step of planRotation(stateOf(parseKept(held), names), now.getTime(), terms)) {
    const after = await follow(options, held, step);
    if (after === null) return false;
    held = after;
  }
  return true;
}

/** The Secret as it is then; null when the step failed. */
async function follow(options: KeepOptions, held: Secret, step: Step): Promise<Secret | null> {
  const kept = parseKept(held);
  if (step === 'publish') return (await options.publish(trustOf(kept))) ? held : null;
  const written = await write(options, held, await takeStep(kept, step, options.circumstances));
  if (written.ok) {
    options.log.info('certificates were renewed', { why: step });
    return written.value;
  }
  options.log.warn('certificates could not be renewed', { why: step, code: written.error.code });
  return null;
}

/** Made only where there is none, replaced only as it was read: of two who try, one fails. */
async function write(
  { client, owner }: Pick<KeepOptions, 'client' | 'owner'>,
  { metadata }: Secret,
  kept: Kept,
): Promise<Answered<Secret>> {
  const { annotations, ...content } = writeKept(kept, metadata.annotations);
  const { resourceVersion, labels } = metadata;
  const named = { ...metadata, annotations, labels: { ...labels, ...LABELS } };
  return resourceVersion === undefined
    ? createObject<Secret>(client, SECRETS, await owner.own({ metadata: named, ...content }))
    : replaceObject<Secret>(client, SECRETS, { metadata: { ...named, resourceVersion }, ...content });
}

const LABELS = { 'app.kubernetes.io/managed-by': 'postern', 'app.kubernetes.io/name': 'postern' };
