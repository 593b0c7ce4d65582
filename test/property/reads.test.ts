import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PosternError, type Phase } from '../../src/exchange/index.ts';
import { IDENTITY, INPUT_SCHEMA } from '../../src/gate/decide/index.ts';
import {
  compilePolicies,
  NO_SOURCES,
  readBuiltin,
  type PolicySources,
} from '../../src/policy/compiler/index.ts';
import { readBundle, type Bundle } from '../../src/policy/bundle.ts';
import { openEvaluator, type Evaluator } from '../../src/policy/evaluator.ts';
import { writeCanonical } from '../support/canonical.ts';
import { DAMAGED_INPUT, POLICY_INPUT } from '../support/policy-inputs.ts';
import { recordCases, recordTests, type RecordedInput } from '../support/recorded-inputs.ts';
import { requireCompiler, sourcesOf } from '../support/rego.ts';
import { restrict } from '../support/restrict.ts';

/** Ways to get at an input that a reader of the source might overlook. */
const CUNNING = sourcesOf({
  'cunning.rego': `package postern.policies.team.cunning

deny contains "Users say more than the model." if sum([p.chars | some p in users]) > sum([p.chars | some p in others])

users contains p if {
	some p in input.parts
	p.origin == "user"
}

others := {p | some p in input.parts} - users

deny contains "Twice." if {
	some i, a in input.findings
	some j, b in input.findings
	i < j
	a == b
}

deny contains sprintf("%v", [object.get(input, ["coverage", "bytes"], "none")]) if input.phase == "response"

deny contains concat(" ", sort([kind | some kind in object.keys(counts)])) if count(counts) > 1

counts[kind] := n if {
	some kind in {p.kind | some p in input.parts}
	n := count([1 | some p in input.parts; p.kind == kind])
}

deny contains "Same names." if names(input.tools) == names(input.references)

names(items) := [item.kind | some item in items]

deny contains json.marshal(input.usage) if input.usage.output_tokens > 10
`,
});

let recorded: readonly RecordedInput[];
beforeAll(async () => {
  const compiler = await requireCompiler();
  const builtin = await readBuiltin();
  const bundle = await build(NO_SOURCES);
  recorded = [...(await recordTests(builtin, compiler)), ...(await recordCases(builtin, bundle))];
}, 60_000);

async function build(own: PolicySources): Promise<Bundle> {
  const options = { compiler: await requireCompiler(), builtin: await readBuiltin(), revision: '' };
  const bytes = await compilePolicies(own, options);
  const found = bytes.ok ? readBundle(bytes.value) : bytes;
  if (!found.ok) throw new Error(JSON.stringify(found.error));
  return found.value;
}

describe.each([
  ['the built-in policies', NO_SOURCES],
  ['policies that read in roundabout ways', CUNNING],
])('what the compiler says that is read by %s', (_, own) => {
  let bundle: Bundle;
  let evaluator: Evaluator;
  beforeAll(async () => {
    bundle = await build(own);
    evaluator = await openEvaluator(bundle);
  }, 60_000);

  const say = (input: object): string => {
    try {
      return writeCanonical(evaluator.evaluate(input));
    } catch (error) {
      if (error instanceof PosternError) return error.code;
      throw error;
    }
  };

  function agree(given: object): void {
    const input = identify(given);
    const { phase } = input as { readonly phase?: unknown };
    const phases: readonly Phase[] = phase === 'request' || phase === 'response' ? [phase] : [];
    for (const each of phases) {
      const shown = restrict(input, bundle.reads[each], INPUT_SCHEMA) as object;
      expect([input, say(shown)]).toEqual([input, say(input)]);
    }
  }

  it('is all that decides about what their own tests ask', () => {
    expect(recorded.length).toBeGreaterThan(100);
    for (const { input } of recorded) agree(input);
  });

  it('is all that decides about whatever they are told', () => {
    fc.assert(
      fc.property(fc.oneof(POLICY_INPUT, DAMAGED_INPUT), (input) => agree(input)),
      { numRuns: 600 },
    );
  });
});

/** As the host does it: no two parts are the same. */
function identify(input: object): object {
  const { parts } = input as { readonly parts?: unknown };
  if (!Array.isArray(parts)) return input;
  return {
    ...input,
    parts: parts.map((part: unknown, index) => (isObject(part) ? { ...part, [IDENTITY]: index } : part)),
  };
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
