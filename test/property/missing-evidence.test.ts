import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isRefusal, PosternError, type Decision } from '../../src/exchange/index.ts';
import type { Bundle } from '../../src/policy/bundle.ts';
import { readBuiltin } from '../../src/policy/compiler/index.ts';
import { foldResult } from '../../src/policy/decide-facts.ts';
import { openSnapshot, type Snapshot } from '../../src/policy/snapshot.ts';
import { compileBuiltIn } from '../support/built-in-policies.ts';
import { damage, listDamages, POLICY_INPUT, type Damage } from '../support/policy-inputs.ts';
import { recordCases, recordTests, type RecordedInput } from '../support/recorded-inputs.ts';
import { requireCompiler } from '../support/rego.ts';

/** Where what changes is the very thing that was refused. */
const EVIDENCE: ReadonlyArray<(damage: Damage) => boolean> = [
  // A ceiling that a request does not name: what it does not ask for cannot be too much.
  ({ path, value }) => path[0] === 'limits' && path.length === 2 && value.kind === 'gone',
  // Inputs of tests in which a name is missing or no name: a word in its place mends them. And a tool of another server is another tool.
  ({ path, value }) =>
    /^(?:model|tools\.\d+\.(?:kind|server)|parts\.\d+\.name)$/.test(path.join('.')) &&
    value.kind === 'is' &&
    typeof value.value === 'string',
];
const isEvidence = (damage: Damage): boolean => EVIDENCE.some((isPinned) => isPinned(damage));

interface Base {
  readonly input: Readonly<Record<string, unknown>>;
  readonly snapshot: Snapshot;
  readonly decision: Decision;
}

/** Null when it is refused because policies cannot be asked; `parts` are those of the message, whatever is told of them. */
function decide(snapshot: Snapshot, input: unknown, parts: unknown): Decision | null {
  const texts = Array.isArray(parts) ? parts.map(() => ({ text: '' })) : [];
  try {
    return foldResult(snapshot.evaluator.evaluate(input as object, texts), snapshot, texts);
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return null;
  }
}

/** Less is asked for than before, and it is not refused. */
function isWeaker(before: Decision, after: Decision | null): boolean {
  if (after === null || isRefusal(after.action)) return false;
  if (isRefusal(before.action)) return true;
  const asked = new Set(after.obligations.map((each) => JSON.stringify(each)));
  return before.obligations.some((each) => !asked.has(JSON.stringify(each)));
}

const describeDamage = ({ path, value }: Damage): string =>
  `${path.join('.')} ${value.kind === 'gone' ? 'gone' : `= ${JSON.stringify(value.value)}`}`;

/** What is weaker than what was decided of the whole input, for people. */
function findWeaker({ input, snapshot, decision }: Base, damages: readonly Damage[]): string[] {
  if (damages.some(isEvidence)) return [];
  if (!isWeaker(decision, decide(snapshot, damages.reduce<unknown>(damage, input), input['parts'])))
    return [];
  return [`${codesOf(decision).join()} without ${damages.map(describeDamage).join(' and ')}`];
}

const codesOf = ({ verdicts }: Decision): string[] => verdicts.map(({ code }) => code);

describe('the built-in policies, where a fact is missing or of another type', () => {
  let plain: Snapshot;
  let bases: readonly Base[];
  beforeAll(async () => {
    const compiler = await requireCompiler();
    const sources = await readBuiltin();
    const bundle = await compileBuiltIn(compiler);
    const recorded = [...(await recordCases(sources, bundle)), ...(await recordTests(sources, compiler))];
    const open = createOpener(bundle);
    plain = await open(bundle.data);
    bases = await chooseBases(recorded, open);
  }, 120_000);

  it('are tried with what each of them refuses, redacts or rewrites', () => {
    const tried = new Set(bases.flatMap(({ decision }) => decision.verdicts.map(({ policy }) => policy)));
    // It refuses settings, not exchanges, and would hide what the others do.
    const others = plain.policyIds.filter((id) => id !== 'integrity.settings');
    expect([...tried].sort()).toEqual(others);
  });

  it('never let pass what they did not, for one of them', () => {
    const weaker = bases.flatMap((base) =>
      [...listDamages(base.input)].flatMap((each) => findWeaker(base, [each])),
    );
    expect([...new Set(weaker)]).toEqual([]);
  });

  it('nor for any two', () => {
    const damaged = fc.constantFrom(...bases).chain((base) => {
      const damages = fc.constantFrom(...listDamages(base.input));
      return fc.tuple(fc.constant(base), damages, damages);
    });
    fc.assert(
      fc.property(damaged, ([base, ...damages]) => expect(findWeaker(base, damages)).toEqual([])),
      { numRuns: 1_000 },
    );
  });

  it('nor in exchanges that no test has thought of', () => {
    const damaged = POLICY_INPUT.chain((input) =>
      fc.tuple(fc.constant(input), fc.constantFrom(...listDamages(input))),
    );
    fc.assert(
      fc.property(damaged, ([input, each]) => {
        const decision = decide(plain, input, input['parts']);
        fc.pre(decision !== null);
        expect(findWeaker({ input, snapshot: plain, decision }, [each])).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

type Open = (data: RecordedInput['data']) => Promise<Snapshot>;

function createOpener(bundle: Bundle): Open {
  const snapshots = new Map<string, Snapshot>();
  let current: Snapshot | null = null;
  return async (data) => {
    const key = JSON.stringify(data);
    const known = snapshots.get(key);
    if (known !== undefined) return known;
    const opened = await openSnapshot({ ...bundle, data }, { current });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    snapshots.set(key, opened.value);
    current = opened.value;
    return opened.value;
  };
}

/** What refuses everything would hide what refuses something. */
const HIDING = ['integrity.settings', 'integrity.facts_missing'];

/** One of each decision and shape. */
async function chooseBases(recorded: readonly RecordedInput[], open: Open): Promise<Base[]> {
  const chosen = new Map<string, Base>();
  for (const { input, data } of recorded) {
    const snapshot = await open(data);
    const decision = decide(snapshot, input, input['parts']);
    if (decision === null || decision.verdicts.length === 0) continue;
    const codes = codesOf(decision);
    if (codes.some((code) => HIDING.includes(code))) continue;
    chosen.set(JSON.stringify([codes, input['phase'], shapeOf(input)]), { input, snapshot, decision });
  }
  return [...chosen.values()];
}

/** The names of its fields at any depth. */
const shapeOf = (input: object): string[] =>
  [
    ...new Set(
      [...listDamages(input)].map(({ path }) => path.filter((key) => typeof key === 'string').join('.')),
    ),
  ].sort();
