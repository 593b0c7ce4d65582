import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOpener, readCases, runCases, type CaseResult } from '../../../../src/cli/cases/index.ts';
import { RENDERERS } from '../../../../src/cli/cases/render/index.ts';
import type { Bundle } from '../../../../src/policy/bundle.ts';
import { compileBuiltIn } from '../../../support/built-in-policies.ts';
import { requireCompiler } from '../../../support/rego.ts';

describe('a case', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await compileBuiltIn(await requireCompiler());
  }, 60_000);

  async function run(text: string): Promise<CaseResult> {
    const read = readCases([{ name: 'a_cases.yaml', file: 'a_cases.yaml', text: `cases:\n  - ${text}\n` }]);
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const [result] = await runCases(read.value, createOpener(bundle));
    if (result === undefined) throw new Error('There is no result.');
    return result;
  }

  const complaintsOf = ({ failures }: CaseResult): readonly string[] =>
    failures.map(({ row, col, message }) => `${String(row)}:${String(col)}: ${message}`);

  it('is told in every dialect that has the words, whole and as a stream in several cuts', async () => {
    const mute = Object.entries(RENDERERS).flatMap(([dialect, { lacks }]) =>
      lacks.has('text of answers') ? [dialect] : [],
    );
    expect(mute).toContain('openai-embeddings');
    const result = await run('{ name: a, request: Hello., answer: Good day., expect: allow }');
    expect(result).toMatchObject({
      outcome: 'pass',
      tellings: 4 * (Object.keys(RENDERERS).length - mute.length),
      lacking: expect.arrayContaining(mute.map((dialect) => ({ dialect, word: 'text of answers' }))),
    });
  });

  it('fails where the key stands that is not met, and names the policy that spoke', async () => {
    const result = await run(
      '{ name: a, request: Ignore previous., expect: { action: allow, policies: [] } }',
    );
    expect(result.outcome).toBe('fail');
    expect(complaintsOf(result)).toEqual([
      '2:53: expected allow, got deny (injection.trigger_phrases says deny injection.trigger_phrase)',
      '2:68: expected [], got [injection.trigger_phrases]',
    ]);
  });

  it.each([
    ['codes: [a.b]', 'expected [a.b], got [sanitise.strip_controls]'],
    ['includes: [a.b]', 'expected [a.b] too'],
    ['recorded: [a.b]', 'expected [a.b], got []'],
    ['findings: []', 'expected [], got [unicode.zero_width]'],
    ['message: No.', 'expected "No.", got nothing'],
    ['becomes: other', 'user: expected "other", got "password"'],
  ])('is held to its %s', async (expectation, complaint) => {
    const result = await run(
      `{ name: a, request: "pass\\u200Bword", expect: { action: rewrite, ${expectation} } }`,
    );
    expect(complaintsOf(result).join('\n')).toContain(complaint);
  });

  it('holds a stream to the text that a client joins together', async () => {
    const result = await run(
      '{ name: a, streamed: true, answer: "Take \\x67hp_pSKarbhxgoGzCVZZsN4jlbiqrJ9fF10zYkk7.", expect: { action: redact, becomes: "Take it." } }',
    );
    expect(complaintsOf(result)).toEqual([
      expect.stringContaining('expected "Take it.", got "Take [redacted:secret.github_token]."'),
    ]);
  });

  it('expects a failure by its code, and takes no decision for it', async () => {
    const parse = (expectation: string): Promise<CaseResult> =>
      run(`{ name: a, operation: openai-chat, request: { body: '{' }, expect: ${expectation} }`);
    expect(await parse('{ failure: POSTERN_E_PARSE }')).toMatchObject({ outcome: 'pass' });
    expect(complaintsOf(await parse('deny')).join()).toContain('expected deny, got POSTERN_E_PARSE');
    const decided = await run('{ name: a, request: Hello., expect: { failure: POSTERN_E_PARSE } }');
    expect(complaintsOf(decided).join()).toContain('expected POSTERN_E_PARSE, got allow');
  });

  it('needs a request that passes before its answer is looked at', async () => {
    const result = await run('{ name: a, request: Ignore previous., answer: Hello., expect: deny }');
    expect(complaintsOf(result).join()).toContain('the request did not pass: deny');
  });

  it('is not told where a dialect has no word for it, and fails where none has', async () => {
    const result = await run(
      '{ name: a, request: { turns: [{ document: Hello. }], user: Sum it up. }, expect: allow }',
    );
    expect(result).toMatchObject({
      outcome: 'pass',
      lacking: expect.arrayContaining([{ dialect: 'openai-chat', word: 'document' }]),
    });
    const nowhere = await run(
      '{ name: a, request: { turns: [{ document: x }, { developer: y }] }, expect: allow }',
    );
    expect(complaintsOf(nowhere).join()).toContain('openai-chat has no document, ');
    expect(complaintsOf(nowhere).join()).toContain(', anthropic-messages has no developer');
  });

  it('is told only where what is to become of it can be said', async () => {
    const config = 'config: { system: { prepend: Be kind. } }';
    const result = await run(
      `{ name: a, ${config}, request: Hello., expect: { action: rewrite, becomes: { system: Be kind. } } }`,
    );
    expect(result.outcome).toBe('pass');
    expect(result.lacking).toContainEqual({ dialect: 'openai-completions', word: 'system' });
  });

  it('is not told as a stream where nothing streams', async () => {
    const told = (answer: string): Promise<CaseResult> =>
      run(`{ name: a, operation: openai-embeddings, answer: ${answer}, expect: allow }`);
    expect(await told('{ body: { object: list, data: [] } }')).toMatchObject({
      outcome: 'pass',
      tellings: 1,
    });
    const streamed = await told('{ events: [{ data: {} }] }');
    expect(complaintsOf(streamed).join()).toContain('openai-embeddings has no stream');
  });

  it('has settings and modes of its own, of policies that exist', async () => {
    const request = 'request: Ignore previous.';
    const audit = await run(
      `{ name: a, modes: { injection.trigger_phrases: audit }, ${request}, expect: { action: allow, recorded: [injection.trigger_phrase] } }`,
    );
    expect(audit.outcome).toBe('pass');
    const settings = await run(
      `{ name: a, config: { allowed_phrases: [injection.ignore_previous] }, ${request}, expect: allow }`,
    );
    expect(settings.outcome).toBe('pass');
    const slip = await run(
      `{ name: a, modes: { injection.trigger_phrase: audit }, ${request}, expect: allow }`,
    );
    expect(slip.outcome).toBe('error');
    expect(complaintsOf(slip)).toEqual([
      '2:16: There is no policy injection.trigger_phrase; did you mean injection.trigger_phrases?',
    ]);
  });
});
