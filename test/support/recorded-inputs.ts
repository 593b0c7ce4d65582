// The built-in set's own tests and cases in; every input that they ask policies about, with the data that it met, out.
import { createOpener, readCases, runCases } from '../../src/cli/cases/index.ts';
import type { Bundle } from '../../src/policy/bundle.ts';
import type { Evaluator } from '../../src/policy/evaluator.ts';
import { buildData, type PolicySources, type RegoCompiler } from '../../src/policy/compiler/index.ts';

export interface RecordedInput {
  readonly input: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
}

type Recorded = Readonly<Record<string, unknown>>;

export async function recordCases({ cases }: PolicySources, bundle: Bundle): Promise<RecordedInput[]> {
  const found = readCases(cases);
  if (!found.ok) throw new Error(JSON.stringify(found.error));
  const recorded: RecordedInput[] = [];
  const open = createOpener(bundle);
  await runCases(found.value, async (settings) => {
    const opened = await open(settings);
    if (!opened.ok) return opened;
    const { snapshot, data } = opened.value;
    const evaluate: Evaluator['evaluate'] = (input, parts) => {
      recorded.push({ input: input as Recorded, data: data as Recorded });
      return snapshot.evaluator.evaluate(input, parts);
    };
    return { ok: true, value: { data, snapshot: { ...snapshot, evaluator: { evaluate } } } };
  });
  return recorded;
}

/** Written into each policy, where it prints what the policy is asked and never holds. */
const RECORDER = `
verdicts contains input["@never"] if print("@asked", json.marshal([input, data.config]))
`;
const ASKED = /^@asked +(\[.*\])$/gm;

export async function recordTests(sources: PolicySources, compiler: RegoCompiler): Promise<RecordedInput[]> {
  const data = buildData(sources.data, []);
  if (!data.ok) throw new Error(JSON.stringify(data.error));
  const modules = sources.modules.map((module) =>
    !module.test && module.text.includes('\nverdicts contains')
      ? { ...module, text: module.text + RECORDER }
      : module,
  );
  const report = await compiler.test(modules, data.value);
  if (!report.ok) throw new Error(JSON.stringify(report.error));
  return report.value.tests.flatMap(({ output }) =>
    [...output.matchAll(ASKED)].map(([, line = '']) => {
      const [input, config] = JSON.parse(line) as [Recorded, unknown];
      return { input, data: { ...data.value, config } };
    }),
  );
}
