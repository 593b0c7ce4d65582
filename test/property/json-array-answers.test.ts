import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Route } from '../../src/exchange/index.ts';
import { findOperation, FRAMINGS } from '../../src/gate/decode/index.ts';
import { AnswerStream, type Passed } from '../../src/judge/index.ts';
import type { Snapshot } from '../../src/policy/index.ts';
import { compileBuiltIn, configure } from '../support/built-in-policies.ts';
import { writeEvents } from '../support/events.ts';
import { requireCompiler } from '../support/rego.ts';

const KEY = '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';

interface Part {
  readonly text?: string;
  readonly thoughtSignature?: string;
  readonly functionCall?: { readonly name: string };
}

interface Chunk {
  readonly candidates: readonly {
    readonly content: { readonly parts: readonly Part[] };
    readonly finishReason?: string;
  }[];
}

const chunkOf = (parts: readonly Part[], more: object = {}): Chunk => ({
  candidates: [{ content: { parts }, ...more }],
});

const textOf = (chunks: readonly Chunk[]): string =>
  chunks
    .flatMap(({ candidates }) => candidates.flatMap(({ content }) => content.parts))
    .map(({ text = '' }) => text)
    .join('');

const writeArray = (chunks: readonly Chunk[]): Buffer =>
  writeEvents(
    chunks.map((chunk) => ({ name: '', data: Buffer.from(JSON.stringify(chunk, null, 1)) })),
    FRAMINGS.json_array,
  );

const TARGET = '/v1beta/models/gemini-3-flash:streamGenerateContent';

function routeOf(): Route {
  const found = findOperation('gemini', 'POST', TARGET);
  if (found === null) throw new Error('It is no operation.');
  return {
    upstream: { name: 'gemini', provider: 'gemini', url: new URL('https://gemini.example') },
    ...found,
  };
}

/** Which bytes arrive together. */
const cutsOf = (bytes: Buffer): fc.Arbitrary<readonly Buffer[]> =>
  fc.array(fc.nat(bytes.length), { maxLength: 12 }).map((places) => {
    const at = [0, ...places.toSorted((a, b) => a - b), bytes.length];
    return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
  });

describe('an answer in a JSON array', () => {
  let snapshot: Snapshot;
  beforeAll(async () => {
    snapshot = await configure(await compileBuiltIn(await requireCompiler()), {});
  }, 60_000);

  function pass(pieces: readonly Buffer[]): { readonly chunks: readonly Chunk[]; readonly isCut: boolean } {
    const stream = new AnswerStream(
      { route: routeOf(), snapshot, requestedModel: 'gemini-3-flash' },
      { heldBytes: 1_048_576, bodyBytes: 1_048_576 },
    );
    const passed: Passed[] = [];
    for (const piece of pieces) {
      passed.push(stream.push(piece));
      if (passed.at(-1)?.cutBy !== null) break;
    }
    const isCut = passed.at(-1)?.cutBy !== null;
    if (!isCut) passed.push(stream.end());
    const text = Buffer.concat(passed.map(({ bytes }) => bytes)).toString();
    return { chunks: JSON.parse(text) as Chunk[], isCut };
  }

  const words = fc.array(fc.constantFrom('Good ', 'day', '. ', 'ä\u{1f424} ', '"]}', '\\'), { maxLength: 8 });

  it('says the same however its bytes are cut', () => {
    const asked = words.chain((texts) => {
      const chunks = [...texts.map((text) => chunkOf([{ text }])), chunkOf([], { finishReason: 'STOP' })];
      return fc.record({ chunks: fc.constant(chunks), pieces: cutsOf(writeArray(chunks)) });
    });
    fc.assert(
      fc.property(asked, ({ chunks, pieces }) => {
        expect(pass(pieces)).toEqual({ chunks, isCut: false });
      }),
      { numRuns: 60 },
    );
  });

  it('is masked across its items, and stays a list', () => {
    const asked = fc.nat(KEY.length).chain((at) => {
      const texts = [`Take ${KEY.slice(0, at)}`, `${KEY.slice(at)} now.`];
      const chunks = [...texts.map((text) => chunkOf([{ text }])), chunkOf([], { finishReason: 'STOP' })];
      return cutsOf(writeArray(chunks));
    });
    fc.assert(
      fc.property(asked, (pieces) => {
        const { chunks, isCut } = pass(pieces);
        expect([textOf(chunks), isCut]).toEqual(['Take [redacted:secret.github_token] now.', false]);
      }),
      { numRuns: 60 },
    );
  });

  it('never has the signature of a text that was masked', () => {
    const asked = fc.tuple(fc.nat(KEY.length), fc.boolean()).chain(([at, isEmpty]) => {
      const last = { text: isEmpty ? '' : 'Good bye.', thoughtSignature: 'c2lnbmVk' };
      const parts = [{ text: `Take ${KEY.slice(0, at)}` }, { text: `${KEY.slice(at)} now. ` }, last];
      return cutsOf(
        writeArray([...parts.map((part) => chunkOf([part])), chunkOf([], { finishReason: 'STOP' })]),
      );
    });
    fc.assert(
      fc.property(asked, (pieces) => {
        const { chunks, isCut } = pass(pieces);
        expect(isCut).toBe(true);
        expect(JSON.stringify(chunks)).not.toMatch(/thoughtSignature|pSKarb/);
        expect(chunks.at(-1)?.candidates).toMatchObject([{ finishReason: 'PROHIBITED_CONTENT' }]);
      }),
      { numRuns: 60 },
    );
  });

  it('that is cut is closed, and ends in the refusal', () => {
    const call = chunkOf([{ functionCall: { name: 'bash' } }]);
    const asked = fc.tuple(words, words).chain(([before, after]) => {
      const [said, more] = [before, after].map((texts) => texts.map((text) => chunkOf([{ text }])));
      const chunks = [...(said ?? []), call, ...(more ?? []), chunkOf([], { finishReason: 'STOP' })];
      return fc.record({ before: fc.constant(before.join('')), pieces: cutsOf(writeArray(chunks)) });
    });
    fc.assert(
      fc.property(asked, ({ before, pieces }) => {
        const { chunks, isCut } = pass(pieces);
        expect(isCut).toBe(true);
        expect(chunks.at(-1)?.candidates).toMatchObject([
          { finishReason: 'PROHIBITED_CONTENT', content: { parts: [] } },
        ]);
        expect(JSON.stringify(chunks)).not.toContain('functionCall');
        expect(before.startsWith(textOf(chunks))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
