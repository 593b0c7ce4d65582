import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { createMetrics } from '../../../src/controller/metrics.ts';
import { METRICS } from '../../../src/gate/record/semconv.ts';

interface Rules {
  readonly groups: ReadonlyArray<{
    readonly rules: ReadonlyArray<{ alert: string; expr: string; annotations: { runbook: string } }>;
  }>;
}

const page = await readFile(join(import.meta.dirname, '../../../docs/operate.md'), 'utf8');
const [, text = ''] = /```yaml\n([\s\S]+?)```/.exec(page) ?? [];
const rules = (load(text) as Rules).groups.flatMap((group) => group.rules);

/** As Prometheus spells them; what only goes up ends with `_total`. */
async function exported(): Promise<readonly string[]> {
  const controller = createMetrics({
    expiresAt: () => new Date(),
    isLeader: () => true,
    states: () => ['ok'],
  });
  controller.noteReview({ kind: 'patch', reason: 'none', ms: 1 });
  const own = [...(await controller.text()).matchAll(/^(\w+)[{ ]/gm)].map(([, name = '']) => name);
  const { policyLoads, telemetryDropped, canary, shedding, sourceAge } = METRICS;
  const spell = ({ name }: { readonly name: string }): string => name.replaceAll('.', '_');
  const totals = [policyLoads, telemetryDropped].map((metric) => `${spell(metric)}_total`);
  return [...own, ...totals, ...[canary, shedding, sourceAge].map(spell)];
}

const LABELS: ReadonlySet<string> = new Set(['postern_result', 'postern_state']);

describe('the alerts of docs/operate.md', () => {
  it('ask for metrics that there are', async () => {
    const known = await exported();
    const asked = rules.flatMap(({ expr }) =>
      [...expr.matchAll(/postern_\w+(?=[[{)\s])/g)].map(([name]) => name),
    );
    expect(asked.length).toBeGreaterThanOrEqual(rules.length);
    for (const name of asked.filter((each) => !LABELS.has(each))) expect(known).toContain(name);
  });

  it('have a runbook each, and every other runbook is for people', () => {
    const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, title = '']) => title);
    for (const { alert, annotations } of rules) {
      expect(headings).toContain(alert);
      expect(annotations.runbook).toBe(`docs/operate.md#${alert.toLowerCase()}`);
    }
    expect(headings.filter((title) => title.startsWith('Postern'))).toHaveLength(rules.length);
  });
});
