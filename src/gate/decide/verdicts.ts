// What the WASM answered, unknown, in; typed verdicts of every policy, or the fact that it is malformed, out.
import { PosternError, type Action, type Obligation, type Verdict } from '../../exchange/index.ts';
import { parseRedaction, type Texts } from './redaction.ts';

const ACTIONS: ReadonlySet<string> = new Set<Action>([
  'allow',
  'flag',
  'redact',
  'rewrite',
  'escalate',
  'deny',
]);
const SIMPLE_REWRITES = new Set(['trim', 'normalise', 'strip_controls', 'drop_high_entropy'] as const);
const SUGAR: Readonly<Record<string, Action>> = { deny: 'deny', violation: 'deny', warn: 'flag' };
const MAX_VERDICTS = 1_000;
const NONE: readonly Verdict[] = [];

type Json = Readonly<Record<string, unknown>>;

/**
 * Every policy of the bundle must be in the answer: a missing one is a failure, not an allow. `texts` are those that
 * were judged, for verdicts that point into them.
 * @throws PosternError POSTERN_E_POLICY_RESULT naming the policy.
 */
export function parseVerdicts(result: unknown, policies: readonly string[], texts: Texts = []): Verdict[] {
  if (!isRecord(result)) throw malformed('the bundle');
  const verdicts: Verdict[] = [];
  for (const policy of policies) {
    const rules = result[policy];
    if (!isRecord(rules)) throw malformed(policy);
    for (const rule in rules) {
      const found = parseRule({ policy, rule, values: rules[rule] }, texts);
      // Mostly none: what is asked of every exchange makes nothing for them.
      for (const verdict of found) verdicts.push(verdict);
    }
  }
  if (verdicts.length > MAX_VERDICTS) throw malformed('the bundle');
  return verdicts;
}

interface Rule {
  readonly policy: string;
  readonly rule: string;
  readonly values: unknown;
}

function parseRule({ policy, rule, values }: Rule, texts: Texts): readonly Verdict[] {
  if (!Array.isArray(values)) throw malformed(policy);
  const sugar = SUGAR[rule];
  if (values.length === 0 && (sugar !== undefined || rule === 'verdicts')) return NONE;
  if (sugar !== undefined)
    return values.map((value: unknown) => parseSugar(value, policy, { rule, action: sugar }));
  if (rule !== 'verdicts') throw malformed(policy);
  return values.map((value: unknown) => parseVerdict(value, policy, texts));
}

/** `deny contains "message"`, and Gatekeeper's `{msg}`; an own `code` is kept. */
function parseSugar(
  value: unknown,
  policy: string,
  { rule, action }: { rule: string; action: Action },
): Verdict {
  const code = `${policy}.${rule}`;
  if (typeof value === 'string') return { policy, action, code, message: value };
  const message = isRecord(value) ? (value['msg'] ?? value['message']) : undefined;
  if (!isRecord(value) || typeof message !== 'string') throw malformed(policy);
  return { policy, action, code: typeof value['code'] === 'string' ? value['code'] : code, message };
}

function parseVerdict(value: unknown, policy: string, texts: Texts): Verdict {
  if (!isRecord(value)) throw malformed(policy);
  const { action, code, message } = value;
  if (!isAction(action) || typeof code !== 'string' || typeof message !== 'string') throw malformed(policy);
  const verdict = { policy, action, code, message };
  if (action === 'redact') {
    const obligation = parseRedaction({ ...value, code }, texts);
    if (obligation === null) throw malformed(policy);
    return { ...verdict, obligation };
  }
  if (action === 'rewrite') return { ...verdict, obligation: parseRewrite(value, policy) };
  return verdict;
}

function parseRewrite(value: Json, policy: string): Obligation {
  const { rewrite, limit, text } = value;
  if (rewrite === 'pin_system' && typeof text === 'string') return { kind: 'rewrite', rewrite, text };
  const origins = stringsOf(value['origins'], policy);
  if (isSimpleRewrite(rewrite)) return { kind: 'rewrite', rewrite, origins };
  if (rewrite === 'truncate' && typeof limit === 'number' && Number.isInteger(limit) && limit >= 0) {
    return { kind: 'rewrite', rewrite, origins, limit };
  }
  throw malformed(policy);
}

function stringsOf(value: unknown, policy: string): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw malformed(policy);
  return value;
}

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isAction = (value: unknown): value is Action => typeof value === 'string' && ACTIONS.has(value);

type SimpleRewrite = typeof SIMPLE_REWRITES extends Set<infer R> ? R : never;
const isSimpleRewrite = (value: unknown): value is SimpleRewrite =>
  (SIMPLE_REWRITES as ReadonlySet<unknown>).has(value);

const malformed = (where: string): PosternError =>
  new PosternError('POSTERN_E_POLICY_RESULT', `Policy: ${where}.`);
