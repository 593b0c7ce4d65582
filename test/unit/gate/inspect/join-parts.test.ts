import { describe, expect, it } from '@jest/globals';
import type { Part } from '../../../../src/exchange/index.ts';
import { createInspector } from '../../../../src/gate/inspect/index.ts';
import { aPart } from '../../../support/facts.ts';

const inspector = createInspector([
  { id: 'x.phrase', literal: 'open sesame', severity: 'high', view: 'folded' },
]);
const codesIn = (...parts: readonly Part[]): string[] =>
  inspector.inspectParts(parts).map(({ code, part }) => `${code} ${part}`);
const HALVES = ['x.phrase 0', 'x.phrase 1'];
const [OPEN, SESAME] = ['open', 'sesame'].map((text) => aPart({ text }));
if (OPEN === undefined || SESAME === undefined) throw new Error('both are there');

describe('parts that are read as one', () => {
  it('are those that one voice says, also with others between', () => {
    const answer = aPart({ turn: 1, lane: '1.0.text', role: 'assistant', origin: 'assistant', text: 'Yes?' });
    expect(codesIn(OPEN, { ...SESAME, turn: 1, lane: '1.0.text' })).toEqual(HALVES);
    expect(codesIn(OPEN, answer, { ...SESAME, turn: 2, lane: '2.0.text' })).toEqual([
      'x.phrase 0',
      'x.phrase 2',
    ]);
  });

  it('are not those of two voices, of two kinds, of two choices of an answer, or metadata', () => {
    expect(codesIn(OPEN, { ...SESAME, origin: 'tool' })).toEqual([]);
    expect(codesIn(OPEN, { ...SESAME, kind: 'reasoning', lane: '0.0.reasoning' })).toEqual([]);
    expect(codesIn(OPEN, { ...SESAME, lane: '1.0.text' })).toEqual([]);
    expect(codesIn({ ...OPEN, lane: 'metadata' }, { ...SESAME, lane: 'metadata' })).toEqual([]);
    expect(codesIn({ ...OPEN, kind: 'tool_call' }, { ...SESAME, kind: 'tool_call' })).toEqual([]);
  });

  it('say what one says alone once', () => {
    expect(codesIn(aPart({ text: 'open sesame' }), aPart({ text: 'open sesame' }), OPEN)).toEqual(HALVES);
  });

  it('are words of their own where they meet, and none is made of the middle of words', () => {
    expect(codesIn(aPart({ text: 'Hi' }), aPart({ text: 'op' }), aPart({ text: 'en sesame' }))).toEqual([
      'x.phrase 1',
      'x.phrase 2',
    ]);
    expect(codesIn(aPart({ text: 'to reopen' }), aPart({ text: ' sesame' }))).toEqual([]);
  });

  it('are read at their borders only when they are long, and what is cut there is not taken for whole', () => {
    const filler = 'A quiet morning in the harbour. '.repeat(100);
    expect(codesIn(aPart({ text: `${filler} open` }), aPart({ text: `sesame ${filler}` }))).toEqual(HALVES);
    // Somewhere in it the joined text ends; the name of no key begins there that goes on.
    for (let at = 540; at < 600; at += 1) {
      const long = `${'x '.repeat(at).slice(0, at)}AKIA${'B'.repeat(40)} ${filler}`;
      expect(codesIn(aPart({ text: 'Hello' }), aPart({ text: long }))).toEqual([]);
    }
  });

  it('have a secret masked to its end, however long, that begins in one and goes on in the next', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(90)}`;
    const parts = [aPart({ text: key.slice(0, 1_500) }), aPart({ text: key.slice(1_500) })];
    const found = inspector.inspectParts(parts).filter(({ code }) => code === 'secret.private_key');
    expect(found.map(({ part, start, end }) => [part, start, end])).toEqual([
      [0, 0, 1_500],
      [1, 0, key.length - 1_500],
    ]);
  });

  it('have their matches counted among all', () => {
    const parts = Array.from({ length: 600 }, (_, index) => (index % 2 === 0 ? OPEN : SESAME));
    const findings = inspector.inspectParts(parts);
    expect(findings).toHaveLength(257);
    expect(findings.at(-1)?.code).toBe('inspect.overflow');
  });
});
