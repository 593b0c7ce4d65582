// One ConfigMap in; its policy files, named after it, and what is wrong with it, out.
import type { SourceFile } from '../../policy/index.ts';
import { nameOf, readLabels, type ConfigMap } from './config-map.ts';
import { writeModes } from './enforcement-action.ts';
import { CHANNEL, ENFORCEMENT_ACTION, REPLACES } from './names.ts';
import type { SetIssue } from './set-issue.ts';

export interface ReadConfigMap {
  readonly files: readonly SourceFile[];
  readonly issues: readonly SetIssue[];
}

export function readConfigMap(configMap: ConfigMap): ReadConfigMap {
  const name = nameOf(configMap);
  const complain = (key: string, code: string, message: string): SetIssue => ({
    configMap: name,
    key,
    row: 0,
    column: 0,
    code,
    message,
  });
  const endings = readLabels(configMap);
  if (!endings.ok) return { files: [], issues: [complain('', 'config_map.label', endings.error)] };
  const keys = Object.keys(configMap.data ?? {}).sort();
  const binaries = Object.keys(configMap.binaryData ?? {}).sort();
  const strangers = keys.filter((key) => !hasEnding(key, endings.value));
  const issues = [
    ...channelFaults(configMap).map((message) => complain('', 'config_map.channel', message)),
    ...binaries.map((key) =>
      complain(key, 'config_map.binary', 'Policies are text: use data, not binaryData.'),
    ),
    ...strangers.map((key) => complain(key, 'config_map.key', explainKey(key, endings.value))),
  ];
  const files: SourceFile[] = keys.map((key) => ({
    name: key,
    bytes: Buffer.from(configMap.data?.[key] ?? ''),
  }));
  const modes = writeModes(configMap.metadata.annotations?.[ENFORCEMENT_ACTION], files);
  if (!modes.ok) issues.push(complain(modes.error.key, modes.error.code, modes.error.message));
  else if (modes.value !== null) files.push(modes.value);
  return { files: files.map(({ name: key, bytes }) => ({ name: `${name}/${key}`, bytes })), issues };
}

function channelFaults({ metadata: { annotations = {} } }: ConfigMap): readonly string[] {
  const { [CHANNEL]: channel = 'stable', [REPLACES]: replaced } = annotations;
  if (channel !== 'stable' && channel !== 'candidate') return [`${CHANNEL} must be stable or candidate.`];
  return replaced !== undefined && channel === 'stable'
    ? [`${REPLACES} is for candidates: ${CHANNEL} must be candidate.`]
    : [];
}

/** Hidden files are not read. */
const hasEnding = (key: string, endings: ReadonlySet<string>): boolean =>
  !key.startsWith('.') && endings.has(/\.([a-z]+)$/.exec(key)?.[1] ?? '');

const explainKey = (key: string, endings: ReadonlySet<string>): string =>
  key.startsWith('.')
    ? 'A key must not begin with a dot.'
    : `By its labels the ConfigMap holds ${[...endings].map((ending) => `.${ending}`).join(', ')}, and nothing else.`;
