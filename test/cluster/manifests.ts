// The example and the test's own manifests in; build/cluster/{env-mode,overlay,provider}, ready to apply, out.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, WORK, kubectl, run } from './command.ts';

export const PROVIDER = join(WORK, 'provider');
export const OVERLAY = join(WORK, 'overlay');
const EXAMPLE = join(WORK, 'env-mode');
const BUNDLE = join(EXAMPLE, 'bundle.tar.gz');

export async function writeManifests(): Promise<void> {
  for (const [from, to] of [
    [join(ROOT, 'k8s/examples/env-mode'), EXAMPLE],
    [join(import.meta.dirname, 'overlay'), OVERLAY],
    [join(import.meta.dirname, 'provider'), PROVIDER],
  ] as const) {
    await rm(to, { recursive: true, force: true });
    await cp(from, to, { recursive: true });
  }
  await writeCertificate('llm.provider.svc.cluster.local');
}

/** Self-signed, so it is also the authority that the sidecar is told to trust for this upstream. */
async function writeCertificate(host: string): Promise<void> {
  const [key, certificate] = [join(PROVIDER, 'tls.key'), join(PROVIDER, 'tls.crt')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`, '-days', '30'];
  await run('openssl', 'req', '-x509', ...curve, ...name, '-keyout', key, '-out', certificate);
  await cp(certificate, join(OVERLAY, 'ca.crt'));
}

export async function buildBundle(): Promise<string> {
  const args = ['--directory', join(EXAMPLE, 'policies'), '--bundle', BUNDLE];
  await run(join(ROOT, 'bin/postern'), 'policy', 'build', ...args);
  return `bundle of ${Math.ceil((await readFile(BUNDLE)).length / 1024)} KiB`;
}

/** What a policy team would do: change a phrase of patterns.yaml. */
export async function editPhrase(from: string, to: string): Promise<void> {
  const file = join(EXAMPLE, 'policies/patterns.yaml');
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold "${from}"`);
  await writeFile(file, text.replace(from, to));
}

/** As a copy that was cut short would leave it. */
export async function cutBundle(): Promise<void> {
  const whole = await readFile(BUNDLE);
  await writeFile(BUNDLE, whole.subarray(0, whole.length / 2));
}

export const apply = (folder: string, ...flags: readonly string[]): Promise<string> =>
  kubectl('apply', '--server-side', ...flags, '-k', folder);

export const applyNamespace = (): Promise<string> =>
  kubectl('apply', '--server-side', '-f', join(EXAMPLE, 'namespace.yaml'));
