import { describe, expect, it } from '@jest/globals';
import { codecOf } from '../../../../src/gate/decode/index.ts';
import { CANARY, plant } from '../../../support/canary.ts';

/** Names in forms have no quotes. */
const BIRD = 'canary ß🐤';

const ASKED = { boundary: 'b' };
const field = (name: string, value: string, more = ''): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const FILE = field('file', 'sound', '; filename="a.mp3"');
const form = (...fields: readonly string[]): Buffer => Buffer.from(`${fields.join('')}--b--\r\n`);

const codec = codecOf({ dialect: 'openai-transcripts' });
const read = (...fields: readonly string[]) => codec.decodeRequest(form(FILE, ...fields), ASKED);
const textsOf = (decoded: ReturnType<typeof read>): readonly string[] =>
  decoded.ok ? decoded.value.parts.map(({ text }) => text) : [];

describe('a form that asks for words', () => {
  it('has its model, its prompt as what the user says, and its sound as a medium', () => {
    const decoded = read(field('model', 'whisper-1'), field('prompt', 'Boats.'));
    expect(decoded).toMatchObject({
      ok: true,
      value: { model: 'whisper-1', stream: false, coverage: { opaque: 5, unknownFields: 0 } },
    });
    const parts = decoded.ok ? decoded.value.parts : [];
    expect(parts).toContainEqual(
      expect.objectContaining({ origin: 'user', turn: 0, text: 'Boats.', at: null }),
    );
    expect(parts).toContainEqual(
      expect.objectContaining({ kind: 'media', media: 'application/octet-stream' }),
    );
  });

  it('hides nothing in the name of a file, in a setting, or in a field that nobody knows', () => {
    const hiding = field('file', 'x', `; filename="${BIRD}"`);
    expect(textsOf(codec.decodeRequest(form(hiding), ASKED))).toContain(BIRD);
    for (const name of ['language', 'model', 'include[]', 'known_speaker_names[]'])
      expect(textsOf(read(field(name, BIRD)))).toContain(BIRD);
    const unknown = read(field('novelty', BIRD), field(`new${BIRD}`, 'x'));
    expect(textsOf(unknown).join(' ').split(BIRD)).toHaveLength(3);
    expect(unknown).toMatchObject({ value: { coverage: { unknownFields: 2 } } });
  });

  it.each([
    ['subtitles', [field('response_format', 'srt')], 'request.response_format'],
    ['a stream', [field('stream', 'true')], 'request.stream'],
    ['text that is none', [field('prompt', '\ud800')], undefined],
    ['two prompts', [field('prompt', 'a'), field('prompt', 'b')], 'form.duplicate_field'],
  ])('is refused with %s', (_, fields, code) => {
    const decoded = read(...fields);
    expect(decoded.ok ? undefined : decoded.error.code).toBe(code);
  });

  it('is refused with bytes that are no UTF-8, and with another model than its path', () => {
    const bytes = Buffer.from(form(FILE, field('prompt', 'aXb')));
    bytes[bytes.indexOf('aXb') + 1] = 0xff;
    expect(codec.decodeRequest(bytes, ASKED)).toMatchObject({ error: { code: 'form.utf8' } });
    const named = form(FILE, field('model', 'other'));
    expect(codec.decodeRequest(named, { ...ASKED, model: 'mine' })).toMatchObject({
      error: { code: 'request.model_conflict' },
    });
  });
});

describe('words that were heard', () => {
  const ANSWER = {
    task: 'transcribe',
    language: 'english',
    duration: 1.5,
    text: 'Good day.',
    words: [{ word: 'Good', start: 0, end: 0.5 }],
    segments: [
      { id: 0, seek: 0, start: 0, end: 1, text: 'Good day.', tokens: [1], temperature: 0, speaker: 'A' },
    ],
    logprobs: [{ token: 'Good', logprob: -0.1, bytes: [71] }],
    usage: { type: 'duration', seconds: 2 },
  };

  it('hide nothing in any string', () => {
    const hidden = [...plant(ANSWER)].flatMap(({ path, document }) => {
      const decoded = codec.decodeResponse(Buffer.from(JSON.stringify(document)));
      const texts = decoded.ok ? decoded.value.parts.map(({ text }) => text) : [CANARY];
      return texts.some((text) => text.includes(CANARY)) ? [] : [path];
    });
    expect(hidden).toEqual([]);
  });
});
