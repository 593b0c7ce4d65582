// What a candidate makes of one side in; points out: the side by its result, and each code by what changes about it.
import type { Meter } from '@opentelemetry/api';
import type { Comparison, Phase } from '../../exchange/index.ts';
import { LabelSet } from './label-set.ts';
import { METRICS, POSTERN } from './semconv.ts';

const POLICIES = 64;
const CODES = 128;

export function createComparisonMeasure(
  meter: Meter,
): (phase: Phase, comparison: Comparison | undefined) => void {
  const sides = meter.createCounter(METRICS.candidateSides.name, METRICS.candidateSides);
  const verdicts = meter.createCounter(METRICS.candidateVerdicts.name, METRICS.candidateVerdicts);
  const [policies, codes] = [new LabelSet(POLICIES), new LabelSet(CODES)];
  return (phase, comparison) => {
    if (comparison === undefined) return;
    sides.add(1, { [POSTERN.phase]: phase, [POSTERN.candidateResult]: comparison.result });
    for (const { policy, code, change } of comparison.verdicts) {
      verdicts.add(1, {
        [POSTERN.phase]: phase,
        [POSTERN.policy]: policies.admit(policy),
        [POSTERN.code]: codes.admit(code),
        [POSTERN.change]: change,
      });
    }
  };
}
