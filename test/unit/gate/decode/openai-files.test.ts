import { describe, expect, it } from '@jest/globals';
import { codecOf } from '../../../../src/gate/decode/index.ts';
import { plant, type Planted } from '../../../support/canary.ts';

const files = codecOf({ dialect: 'openai-files' });
const content = codecOf({ dialect: 'openai-file-content' });
const ASKED = { boundary: 'b' };

const field = (name: string, value: string, more = ''): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

const upload = (lines: string, purpose = 'batch', extra = ''): Buffer =>
  Buffer.from(`${field('purpose', purpose)}${extra}${field('file', lines, '; filename="b.jsonl"')}--b--\r\n`);

const REQUEST = {
  custom_id: 'one',
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model: 'm', messages: [{ role: 'user', content: 'Good day.' }] },
  note: 'a new field',
};

const RESULT = {
  id: 'batch_req_1',
  custom_id: 'one',
  response: {
    status_code: 200,
    request_id: 'req_1',
    body: { object: 'chat.completion', choices: [] },
    more: 'new',
  },
  error: { message: 'none', code: 'x' },
};

const codeOf = (decoded: ReturnType<typeof files.decodeRequest>): string =>
  decoded.ok ? 'ok' : decoded.error.code;

/** Those that are found neither around the enclosed bodies, nor in them. */
function listHidden(
  documents: Iterable<Planted>,
  read: (document: unknown) => readonly string[] | null,
): string[] {
  return [...documents].flatMap(({ path, document, canary }) => {
    const texts = read(document);
    return texts === null || texts.some((text) => text.includes(canary)) ? [] : [path];
  });
}

describe('an upload', () => {
  it('hides nothing in the lines of a batch, in names of fields or in the name of its file', () => {
    const read = (document: unknown): readonly string[] | null => {
      const body = upload(JSON.stringify(document));
      const [around, within] = [files.decodeRequest(body, ASKED), files.listRequests?.(body, ASKED)];
      if (!around.ok || within?.ok !== true) return null;
      const bodies = within.value.map(({ start, end }) =>
        JSON.stringify(JSON.parse(body.toString('utf8', start, end))),
      );
      return [
        ...around.value.parts.map(({ text }) => text),
        ...bodies.map((text) => text.replaceAll('\\"', '"')),
      ];
    };
    expect(listHidden(plant(REQUEST), read)).toEqual([]);
    const odd = files.decodeRequest(upload('{}', 'batch', field('a secret name', 'a secret')), ASKED);
    expect(odd.ok && odd.value.parts.map(({ text }) => text)).toEqual([
      'batch',
      'a secret name\na secret',
      'b.jsonl',
    ]);
    expect(odd.ok && odd.value.coverage.unknownFields).toBe(1);
  });

  it('counts every byte of the lines as judged, and every byte of another file as not', () => {
    const lines = JSON.stringify(REQUEST);
    const batch = files.decodeRequest(upload(lines), ASKED);
    expect(batch.ok && batch.value.coverage.judged).toBeGreaterThan(JSON.stringify(REQUEST.body).length);
    const other = files.decodeRequest(upload(lines, 'vision'), ASKED);
    expect(other.ok && other.value.coverage.opaque).toBe(Buffer.byteLength(lines));
    expect(other.ok && other.value.parts.at(-1)).toMatchObject({
      kind: 'media',
      media: 'application/octet-stream',
    });
  });

  it('says where its requests stand', () => {
    const body = upload(`\r\n${JSON.stringify(REQUEST)}\n\n${JSON.stringify(REQUEST)}`);
    const listed = files.listRequests?.(body, ASKED);
    const texts =
      listed?.ok === true ? listed.value.map(({ start, end }) => body.toString('utf8', start, end)) : [];
    expect(texts).toEqual([JSON.stringify(REQUEST.body), JSON.stringify(REQUEST.body)]);
  });

  it.each([
    ['no purpose', `${field('file', '{}')}--b--\r\n`, 'form.missing_field'],
    ['no file', `${field('purpose', 'batch')}--b--\r\n`, 'form.missing_field'],
    ['a batch of what is no JSON', upload('{').toString(), 'json.syntax'],
    ['a batch of lists', upload('[]').toString(), 'body.not_an_object'],
  ])('is not understood with %s', (_, body, code) => {
    expect(codeOf(files.decodeRequest(Buffer.from(body), ASKED))).toBe(code);
  });

  it('has a form, and what asks for a file has no body', () => {
    expect(codeOf(files.decodeRequest(Buffer.alloc(0)))).toBe('ok');
    expect(codeOf(files.decodeRequest(Buffer.from('{}')))).toBe('body.unexpected');
  });
});

describe('the content of a file', () => {
  it('hides nothing in the lines of results', () => {
    const read = (document: unknown): readonly string[] | null => {
      const body = Buffer.from(`${JSON.stringify(document)}\n`);
      const [around, within] = [content.decodeResponse(body), content.listAnswers?.(body)];
      if (!around.ok || within?.ok !== true) return null;
      const bodies = within.value.map(({ start, end }) =>
        body.toString('utf8', start, end).replaceAll('\\"', '"'),
      );
      return [...around.value.parts.map(({ text }) => text), ...bodies];
    };
    expect(listHidden(plant(RESULT), read)).toEqual([]);
  });

  it('may hold failures in the place of answers', () => {
    const lines = [
      '{"id":"a","custom_id":"b","response":null,"error":{"code":"batch_expired","message":"Too late."}}',
    ];
    const body = Buffer.from(lines.join('\n'));
    expect(content.listAnswers?.(body)).toEqual({ ok: true, value: [] });
    expect(content.decodeResponse(body)).toMatchObject({ value: { coverage: { unknownFields: 0 } } });
  });
});
