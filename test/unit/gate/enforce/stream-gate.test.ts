import { describe, expect, it } from '@jest/globals';
import { eventOf, gateBySpans, gateFor, inspectorOf, readText, wireOf } from '../../../support/stream.ts';

const FORBIDDEN = 'the password is swordfish';
const inspector = inspectorOf(FORBIDDEN);

describe('the stream gate', () => {
  it('lets prose go as it comes, but for the word that is still being written', () => {
    const { gate } = gateFor(inspector, 'deny');
    const steps = ['A quiet ', 'morning in ', 'the harbour.'].map((text) => gate.push([eventOf({ text })]));
    expect(readText(steps).length).toBeGreaterThan(0);
    expect(readText([...steps, gate.end()])).toBe('A quiet morning in the harbour.');
  });

  it('refuses before a byte of what is forbidden has gone, wherever the stream was cut', () => {
    for (let cut = 1; cut < FORBIDDEN.length; cut += 1) {
      const { gate } = gateFor(inspector, 'deny');
      const steps = [
        gate.push([eventOf({ text: 'Well then: ' })]),
        gate.push([eventOf({ text: FORBIDDEN.slice(0, cut) })]),
        gate.push([eventOf({ text: `${FORBIDDEN.slice(cut)} and more` })]),
      ];
      expect(steps.at(-1)?.kind).toBe('refuse');
      expect('Well then: ').toContain(readText(steps).trimEnd());
    }
  });

  it('masks what is to be redacted, wherever the stream was cut, and keeps the rest', () => {
    for (let cut = 1; cut < FORBIDDEN.length; cut += 1) {
      const { gate } = gateFor(inspector, 'redact');
      const pieces = ['Well, ', FORBIDDEN.slice(0, cut), FORBIDDEN.slice(cut), ', he said. And so on.'];
      const steps = [...pieces.map((text) => gate.push([eventOf({ text })])), gate.end()];
      expect(readText(steps)).toBe('Well, [redacted:test.forbidden], he said. And so on.');
      expect(wireOf(steps)).not.toContain('swordfish');
      expect(gate.edited).toBe(true);
    }
  });

  it('cuts an answer before the signature of a text that was masked, or has to be', () => {
    const signature = eventOf({ text: '', signs: ['0.0.text'] });
    const masked = gateFor(inspectorOf('a quiet word'), 'redact').gate;
    const pieces = ['Well, ', 'a quiet word ', 'he said. ', 'And so on. '];
    const steps = pieces.map((text) => masked.push([eventOf({ text })]));
    expect(readText(steps)).toContain('Well, [redacted:test.forbidden]');
    expect(masked.push([signature])).toMatchObject({ kind: 'refuse', isLate: true });
    const { gate } = gateFor(inspector, 'redact');
    gate.push([eventOf({ text: 'Well, ' }), signature]);
    expect(gate.push([eventOf({ text: FORBIDDEN })]).kind).toBe('refuse');
  });

  it('lets a signature go where nothing was masked, or what was is not what it signs', () => {
    const { gate } = gateFor(inspector, 'redact');
    const steps = [
      gate.push([eventOf({ text: FORBIDDEN, lane: '1.0.text', closes: ['1.0.text'] })]),
      gate.push([eventOf({ text: 'Good day. ', signs: ['0.0.text'], closes: ['0.0.text'] })]),
      gate.end(),
    ];
    expect(readText(steps)).toBe('[redacted:test.forbidden]Good day. ');
  });

  it('finds what is forbidden one character at a time', () => {
    const { gate } = gateFor(inspector, 'deny');
    const steps = [...`So ${FORBIDDEN}!`].map((text) => gate.push([eventOf({ text })]));
    expect(steps.some(({ kind }) => kind === 'refuse')).toBe(true);
    expect('So ').toContain(readText(steps).trimEnd());
  });

  it('reads each lane for itself: choices that take turns do not hide a text', () => {
    const { gate } = gateFor(inspector, 'deny');
    const [a, b] = [FORBIDDEN.slice(0, 9), FORBIDDEN.slice(9)];
    gate.push([eventOf({ text: a, lane: '0.0.text' }), eventOf({ text: 'hello ', lane: '1.0.text' })]);
    expect(gate.push([eventOf({ text: b, lane: '0.0.text' })]).kind).toBe('refuse');
  });

  it('holds a tool call until it is complete, and judges it before the first of it goes', () => {
    const { gate, asked } = gateFor(inspector, 'deny');
    const call = { lane: '0.0.tool_call', kind: 'tool_call' } as const;
    const early = [
      gate.push([eventOf({ ...call, text: '{"pa' })]),
      gate.push([eventOf({ ...call, text: 'th":"x"}' })]),
    ];
    expect(readText(early)).toBe('');
    const before = asked.length;
    const step = gate.push([eventOf({ role: 'content', closes: ['0.0.tool_call'] })]);
    expect(asked.length).toBe(before + 1);
    expect(readText([step])).toBe('{"path":"x"}');
  });

  it('holds the end of the stream until the whole was judged', () => {
    const { gate, asked } = gateFor(inspector, 'deny');
    const steps = [
      gate.push([eventOf({ text: 'Bye.' }), eventOf({ role: 'terminal', closes: ['0.0.text'] })]),
    ];
    expect(wireOf(steps)).not.toContain('"t":""');
    steps.push(gate.end());
    expect(wireOf(steps)).toContain('"t":""');
    expect(asked.at(-1)?.partial).toBe(false);
  });

  it('asks the policies again while a long answer grows', () => {
    const { gate, asked } = gateFor(inspector, 'deny');
    for (let i = 0; i < 100; i += 1) gate.push([eventOf({ text: 'word '.repeat(10) })]);
    expect(asked.length).toBeGreaterThanOrEqual(4);
    expect(asked.every(({ partial }) => partial)).toBe(true);
  });

  it('holds everything where a policy reads the text itself', () => {
    const { gate } = gateFor(inspector, 'deny', { holdAll: true });
    expect(readText([gate.push([eventOf({ text: 'A whole sentence. And another one.' })])])).toBe('');
    expect(readText([gate.end()])).toBe('A whole sentence. And another one.');
  });

  it('fails when a lane that was closed goes on: what was let go with its end could be the beginning of a match', () => {
    const { gate } = gateFor(inspector, 'redact');
    gate.push([eventOf({ text: 'Hello', closes: ['0.0.text'] })]);
    expect(() => gate.push([eventOf({ text: FORBIDDEN })])).toThrow(
      expect.objectContaining({ code: 'POSTERN_E_UPSTREAM_RESPONSE' }),
    );
  });

  it('lets nothing of a tool call go whose arguments would have to be masked, though its last event is held', () => {
    const { gate } = gateFor(inspector, 'redact');
    const call = { lane: '0.0.tool_call', kind: 'tool_call' } as const;
    gate.push([eventOf({ ...call, text: '' })]);
    expect(() =>
      gate.push([eventOf({ ...call, text: FORBIDDEN, role: 'terminal', closes: ['0.0.tool_call'] })]),
    ).toThrow(expect.objectContaining({ code: 'POSTERN_E_CANNOT_EDIT' }));
  });

  it.each(['metadata', 'unknown'])(
    'finds a value of its own in the lane %s, whatever came before it',
    (lane) => {
      const { gate } = gateFor(inspector, 'deny');
      expect(gate.push([eventOf({ text: 'gpt-4o', lane }), eventOf({ text: FORBIDDEN, lane })]).kind).toBe(
        'refuse',
      );
    },
  );

  it('masks a value of metadata each time it is said', () => {
    const { gate } = gateFor(inspector, 'redact');
    const say = () => gate.push([eventOf({ text: FORBIDDEN, lane: 'metadata' })]);
    expect(readText([say(), say(), say()])).toBe('[redacted:test.forbidden]'.repeat(3));
    expect(gate.facts.parts.map(({ text }) => text)).toEqual([FORBIDDEN]);
  });

  it('masks a text that is said again as it masked it first, and says it once to the policies', () => {
    const { gate, asked } = gateFor(inspectorOf(FORBIDDEN), 'redact');
    const text = `So ${FORBIDDEN}!`;
    const steps = [
      ...[...text].map((piece) => gate.push([eventOf({ text: piece })])),
      gate.push([eventOf({ text, again: 0, closes: ['0.0.text'] })]),
      gate.push([eventOf({ text, again: 0, role: 'terminal' })]),
      gate.end(),
    ];
    expect(readText(steps)).toBe('So [redacted:test.forbidden]!'.repeat(3));
    expect(asked.at(-1)?.parts.map((part) => part.text)).toEqual([text]);
  });

  it('masks stretches of text that a policy names, wherever the stream was cut', () => {
    for (let cut = 1; cut < FORBIDDEN.length; cut += 1) {
      const gate = gateBySpans(FORBIDDEN);
      const pieces = ['Well, ', FORBIDDEN.slice(0, cut), FORBIDDEN.slice(cut), ', he said.'];
      const steps = [...pieces.map((text) => gate.push([eventOf({ text })])), gate.end()];
      expect(readText(steps)).toBe('Well, [redacted:test.spans], he said.');
    }
  });

  it('masks them in the lane that is meant, and in no other', () => {
    const gate = gateBySpans(FORBIDDEN);
    const say = (text: string, lane: string) => gate.push([eventOf({ text, lane })]);
    const steps = [
      say('Hello. ', '0.0.text'),
      say('So: ', '1.0.text'),
      say(FORBIDDEN, '1.0.text'),
      gate.end(),
    ];
    expect(readText(steps)).toBe('Hello. So: [redacted:test.spans]');
  });

  it('fails when a policy names stretches of a text that did not wait for it', () => {
    const gate = gateBySpans(FORBIDDEN, false);
    gate.push([eventOf({ text: 'Well, ' })]);
    expect(() => {
      gate.push([eventOf({ text: FORBIDDEN })]);
      gate.end();
    }).toThrow(expect.objectContaining({ code: 'POSTERN_E_CANNOT_EDIT' }));
  });

  it('fails when they stand in the arguments of a tool call', () => {
    const gate = gateBySpans(FORBIDDEN);
    const call = eventOf({ text: FORBIDDEN, lane: '0.0.tool_call', kind: 'tool_call' });
    expect(() => gate.push([call])).toThrow(expect.objectContaining({ code: 'POSTERN_E_CANNOT_EDIT' }));
  });

  it('fails rather than hold more than it may', () => {
    const { gate } = gateFor(inspector, 'deny', { holdAll: true, heldBytes: 1_000 });
    expect(() => gate.push([eventOf({ text: 'x'.repeat(2_000) })])).toThrow(
      expect.objectContaining({ code: 'POSTERN_E_UPSTREAM_RESPONSE' }),
    );
  });
});
