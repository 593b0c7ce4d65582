import { describe, expect, it } from '@jest/globals';
import type { Action } from '../../../../src/exchange/index.ts';
import type { GateStep } from '../../../../src/gate/enforce/index.ts';
import { eventOf, gateFor, inspectorWith, readText } from '../../../support/stream.ts';

const FORBIDDEN = 'the password is swordfish';
/** Longer than the first window of a lane. */
const PROSE = 'A quiet morning in the harbour. '.repeat(9);

interface Waits {
  readonly stream: string;
  readonly builtIn?: string;
  readonly lanes?: readonly string[];
}

/** One character an event. */
function stream(text: string, waits: Waits, action: Action = 'deny') {
  const { builtIn, ...pattern } = waits;
  const inspector = inspectorWith([{ id: 'test.forbidden', literal: FORBIDDEN, ...pattern }], builtIn);
  const { gate, asked } = gateFor(inspector, action);
  const steps: GateStep[] = [];
  for (const each of text) {
    steps.push(gate.push([eventOf({ text: each })]));
    if (steps.at(-1)?.kind === 'refuse') return { gate, asked, steps };
  }
  return { gate, asked, steps };
}

describe('a stream that waits strictly', () => {
  it('lets nothing of a lane go before all of it was judged', () => {
    const { gate, asked, steps } = stream(PROSE, { stream: 'strict' });
    expect(readText(steps)).toBe('');
    const before = asked.length;
    const closing = gate.push([eventOf({ closes: ['0.0.text'] })]);
    expect(asked.length).toBe(before + 1);
    // Its last word might go on in the next block, until something else is said.
    const next = gate.push([eventOf({ lane: '0.1.tool_call', kind: 'tool_call', text: '' })]);
    expect(readText([closing]).length).toBeGreaterThan(PROSE.length - 10);
    expect(readText([closing, next])).toBe(PROSE);
  });

  it('does so in the lanes that its pattern is concerned with, and in no other', () => {
    const inspector = inspectorWith([
      { id: 'test.forbidden', literal: FORBIDDEN, stream: 'strict', lanes: ['reasoning'] },
    ]);
    const { gate } = gateFor(inspector, 'deny');
    const say = (lane: string, text: string) => gate.push([eventOf({ lane, text })]);
    expect(readText([say('0.0.text', 'A quiet '), say('0.0.text', 'morning ')])).toBe('A quiet ');
    expect(readText([say('0.0.reasoning', 'A quiet '), say('0.0.reasoning', 'morning ')])).toBe('');
  });

  it('does so for a built-in detector', () => {
    expect(readText(stream(PROSE, { stream: 'lag 4096', builtIn: 'strict' }).steps)).toBe('');
  });
});

describe('a stream that may lag', () => {
  const lagging: Waits = { stream: 'lag 10', builtIn: 'lag 10' };

  it('lets no more go of what is forbidden than it may, then is cut', () => {
    const { steps } = stream(`${PROSE}${FORBIDDEN}`, lagging);
    expect(steps.at(-1)).toMatchObject({ kind: 'refuse', isLate: false });
    expect(readText(steps)).toBe(`${PROSE}${FORBIDDEN.slice(0, 10)}`);
  });

  it('is cut also where a mask was asked for: it would come too late', () => {
    const { steps, gate } = stream(`${PROSE}${FORBIDDEN}`, lagging, 'redact');
    expect(steps.at(-1)).toMatchObject({ kind: 'refuse', isLate: true, decision: { action: 'redact' } });
    expect(gate.edited).toBe(false);
  });

  it('goes on where nobody minds', () => {
    const { steps, gate } = stream(`${PROSE}${FORBIDDEN}, he said.`, lagging, 'flag');
    expect(readText([...steps, gate.end()])).toBe(`${PROSE}${FORBIDDEN}, he said.`);
  });

  it('says how much of a finding had gone, and nothing where nothing had', () => {
    const shownIn = (waits: Waits) =>
      stream(`${PROSE}${FORBIDDEN}`, waits).gate.facts.findings.map(({ shown }) => shown);
    expect(shownIn(lagging)).toEqual([10]);
    expect(shownIn({ stream: 'bounded' })).toEqual([undefined]);
  });

  it('does not lag while a lane begins', () => {
    const { steps } = stream(`So ${FORBIDDEN}`, { stream: 'lag 4096', builtIn: 'lag 4096' });
    expect(steps.at(-1)?.kind).toBe('refuse');
    expect('So ').toContain(readText(steps).trimEnd());
  });

  it('waits as the strictest detector asks that is concerned', () => {
    const { steps } = stream(`${PROSE}${FORBIDDEN}`, { stream: 'lag 10', builtIn: 'lag 4' });
    expect(readText(steps)).toBe(`${PROSE}${FORBIDDEN.slice(0, 4)}`);
    const bounded = stream(`${PROSE}${FORBIDDEN}`, { stream: 'lag 10' });
    expect(PROSE.startsWith(readText(bounded.steps).trimEnd())).toBe(true);
  });

  it('holds a tool call all the same', () => {
    const { gate } = gateFor(inspectorWith([], 'lag 4096'), 'deny');
    const call = { lane: '0.0.tool_call', kind: 'tool_call' } as const;
    expect(readText([gate.push([eventOf({ ...call, text: PROSE })])])).toBe('');
  });
});
