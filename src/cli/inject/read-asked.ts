// The options of a command in; the manifests, the namespace and the settings that it is about out.
import { randomInt } from 'node:crypto';
import { isObject, type Json, type Namespace, type Uids } from '../../cluster/admit/index.ts';
import { formatIssue, parseControllerConfig, type InjectionSettings } from '../../config/index.ts';
import { requireText, textOf, UsageError, type Call, type Option } from '../command.ts';
import { readBytes } from '../policy/read-bytes.ts';
import type { Found } from './each-pod.ts';
import { parseManifests } from './manifest-yaml.ts';

export const FILE_OPTION: Readonly<Record<string, Option>> = {
  file: {
    short: 'f',
    value: 'FILE',
    help: 'manifests as YAML or JSON, of one or many; - reads them from standard input',
  },
};

export const SURROUNDINGS: Readonly<Record<string, Option>> = {
  settings: { value: 'FILE', help: 'the controller’s configuration; without it, what is so by default' },
  'namespace-file': {
    value: 'FILE',
    help: 'the manifest of their namespace, with its labels and annotations',
  },
};

/** Documents that cannot be read, said with their place. */
export class BadDocument extends Error {}

/** @throws UsageError, or BadDocument. */
export async function readManifests({ operands, options }: Call): Promise<readonly Json[]> {
  if (operands.length > 0) throw new UsageError('manifests come by --file FILE');
  return readDocuments(requireText(options, 'file'));
}

async function readDocuments(file: string): Promise<readonly Json[]> {
  const parsed = parseManifests(file, (await readBytes(file)).toString());
  if (parsed.ok) return parsed.value;
  throw new BadDocument(parsed.error);
}

/** @throws UsageError with each problem. */
export async function readSettings({ options }: Call): Promise<InjectionSettings> {
  const file = textOf(options, 'settings');
  const text = file === undefined ? '{}' : (await readBytes(file)).toString();
  const parsed = parseControllerConfig({ file: file ?? '', text, env: {} });
  if (parsed.ok) return parsed.value.injection;
  throw new UsageError(parsed.error.map(formatIssue).join('\n'));
}

export type NamespaceOf = (found: Found) => Namespace;

/** Without a file, a namespace that says nothing. @throws UsageError, or BadDocument. */
export async function readNamespace({ options }: Call): Promise<NamespaceOf> {
  const file = textOf(options, 'namespace-file');
  if (file === undefined)
    return ({ namespace }) => ({ name: namespace ?? 'default', labels: {}, annotations: {} });
  const [manifest = {}] = await readDocuments(file);
  const read = namespaceIn(manifest);
  if (read === null) throw new BadDocument(`${file}: it is no manifest of a Namespace`);
  return ({ name, namespace }) => {
    if (namespace === null || namespace === read.name) return read;
    throw new UsageError(`${name} is of namespace ${namespace}, and ${file} is of ${read.name}`);
  };
}

function namespaceIn({ kind, metadata }: Json): Namespace | null {
  if (kind !== 'Namespace' || !isObject(metadata)) return null;
  const { name, labels = {}, annotations = {} } = metadata;
  if (typeof name !== 'string' || !isTexts(labels) || !isTexts(annotations)) return null;
  return { name, labels, annotations };
}

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.values(value).every((each) => typeof each === 'string');

/** A manifest keeps the uid that it was given: only a cluster draws one for each pod. */
export const UIDS: Uids = { draw: (first, last) => randomInt(first, last + 1), isOurs: () => true };
