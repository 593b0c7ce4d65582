// Twenty phrases looked for by asking the host, beside the same in Rego on the text itself; in turn, in one run.
import { TEXT_HANDLE } from '../../../src/gate/decide/index.ts';
import { openEvaluator } from '../../../src/policy/evaluator.ts';
import { percentile } from '../report.ts';

const PHRASES = Array.from({ length: 20 }, (_, n) => `phrase number ${String(n)}`);
const POLICY = `package postern.main

phrases := ${JSON.stringify(PHRASES)}

result := {"found": count(found)}
`;

/** The second finds less: no place, and no other spelling. */
export const SEARCHING = {
  asked: `${POLICY}
found := [m | some p in input.parts; some m in postern.contains_any(p, phrases)]
`,
  plain: `${POLICY}
found := [phrase | some p in input.parts; text := lower(p.text); some phrase in phrases; contains(text, phrase)]
`,
} as const;

const LENGTHS = [1_000, 100_000] as const;
/** Each way; as many again to warm up. */
const roundsOf = (length: number): number => Math.max(60, 1_000_000 / length);

export interface Search {
  readonly length: number;
  readonly askedP50Us: number;
  readonly plainP50Us: number;
}

export async function measureSearches(
  modules: Readonly<Record<keyof typeof SEARCHING, Uint8Array>>,
): Promise<readonly Search[]> {
  const asked = await openEvaluator({ wasm: modules.asked, data: {} });
  const plain = await openEvaluator({ wasm: modules.plain, data: {} });
  return LENGTHS.map((length) => {
    const text = aText(length);
    const askedUs: number[] = [];
    const plainUs: number[] = [];
    const rounds = roundsOf(length);
    for (let round = -rounds; round < rounds; round += 1) {
      askedUs.push(timeOne(() => asked.evaluate({ parts: [{ [TEXT_HANDLE]: 0 }] }, [{ text }])));
      plainUs.push(timeOne(() => plain.evaluate({ parts: [{ text }] })));
    }
    const [askedP50Us, plainP50Us] = [askedUs, plainUs].map((took) => percentile(took.slice(rounds), 0.5));
    return { length, askedP50Us: askedP50Us ?? Number.NaN, plainP50Us: plainP50Us ?? Number.NaN };
  });
}

/** Prose that ends in what is looked for. */
function aText(length: number): string {
  const end = ' Phrase number 7.';
  return `${'The gate keeper asked what the visitor wanted. '.repeat(length / 47 + 1).slice(0, length - end.length)}${end}`;
}

function timeOne(evaluate: () => object): number {
  const startMs = performance.now();
  const answer = JSON.stringify(evaluate());
  const tookUs = (performance.now() - startMs) * 1000;
  if (answer !== '{"found":1}') throw new Error(`It was not found: ${answer}`);
  return tookUs;
}
