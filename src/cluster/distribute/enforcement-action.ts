// The annotation of a ConfigMap and its policies in; the modes file that says the same out.
import { err, ok, type Result } from '../../lib/result.ts';
import { isMode, type SourceFile } from '../../policy/index.ts';
import { ENFORCEMENT_ACTION } from './names.ts';

/** Each begins where it is told to: nothing is tried twice, whatever a stranger wrote. */
const BLANKS = /\s*/y;
const PACKAGE = /package[ \t]+([^\s#]+)/y;
const POLICY = /^postern\.policies\.([a-z0-9_]+\.[a-z0-9_]+)$/;

export interface ActionFault {
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

/** Null where nothing is said. `files` by their keys. */
export function writeModes(
  action: string | undefined,
  files: readonly SourceFile[],
): Result<SourceFile | null, ActionFault> {
  if (action === undefined) return ok(null);
  if (!isMode(action)) return refuse('', `${ENFORCEMENT_ACTION} must be enforce, warn, audit or off.`);
  const rival = files.find(({ name }) => /^modes\.[a-z]+$/.test(name));
  if (rival !== undefined)
    return refuse(rival.name, `Modes are said by the annotation ${ENFORCEMENT_ACTION} already.`);
  const ids = files.filter(isShippedRego).flatMap(({ bytes }) => policyIdOf(bytes.toString()) ?? []);
  const policies = Object.fromEntries(ids.map((id) => [id, action]));
  return ok({ name: 'modes.json', bytes: Buffer.from(JSON.stringify({ policies })) });
}

const isShippedRego = ({ name }: SourceFile): boolean =>
  name.endsWith('.rego') && !name.endsWith('_test.rego');

function policyIdOf(text: string): string | null {
  const [, name = ''] = matchAt(PACKAGE, text, skipComments(text)) ?? [];
  return POLICY.exec(name)?.[1] ?? null;
}

/** In Rego nothing but comments comes before the package. */
function skipComments(text: string): number {
  for (let at = 0; ;) {
    at += matchAt(BLANKS, text, at)?.[0].length ?? 0;
    const end = text[at] === '#' ? text.indexOf('\n', at) : -1;
    if (end === -1) return at;
    at = end;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const refuse = (key: string, message: string): { ok: false; error: ActionFault } =>
  err({ key, code: 'config_map.action', message });
