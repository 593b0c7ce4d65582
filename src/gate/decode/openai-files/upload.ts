// The form of an upload in; what is around its file, and the requests that a batch file holds, out.
import type { RequestMessage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault, Enclosed } from '../codec.ts';
import { findString, findValue } from '../json/index.ts';
import { readLines, type JsonLine } from '../json-lines.ts';
import { readForm, type FormField } from '../multipart.ts';
import { Collector } from '../read/collector.ts';
import { known, note, object } from '../read/readers.ts';
import { emptyRequest } from '../read/request.ts';
import { findOperation } from '../registry.ts';
import { NOBODY } from './fields.ts';

const SETTINGS = new Set(['purpose', 'expires_after[anchor]', 'expires_after[seconds]']);

/** A file for batches holds requests, and everything in it is judged; any other is a medium that nobody reads. */
const BATCH = 'batch';

export function decodeUpload(body: Buffer, asked: Asked = {}): Result<RequestMessage, DecodeFault> {
  const form = readUpload(body, asked);
  if (!form.ok) return form;
  const { fields, file, purpose } = form.value;
  const out = new Collector(body, 'user');
  for (const field of fields) takeField(field, body, out);
  if (purpose !== BATCH) {
    const media = file.mediaType ?? 'application/octet-stream';
    out.addMedia(
      { kind: 'literal', value: null, start: file.start, end: file.end },
      { ...NOBODY, origin: 'user' },
      media,
    );
    return ok(emptyRequest(out));
  }
  const lines = linesOf(body, file);
  if (!lines.ok) return lines;
  for (const line of lines.value) takeLine(line, out);
  return out.fault === null ? ok(emptyRequest(out)) : err(out.fault);
}

export function listRequests(body: Buffer, asked: Asked = {}): Result<readonly Enclosed[], DecodeFault> {
  const form = readUpload(body, asked);
  if (!form.ok) return form;
  if (form.value.purpose !== BATCH) return ok([]);
  const lines = linesOf(body, form.value.file);
  if (!lines.ok) return lines;
  const enclosed: Enclosed[] = [];
  for (const line of lines.value) {
    const request = requestIn(line);
    if (!request.ok) return request;
    enclosed.push(request.value);
  }
  return ok(enclosed);
}

interface Upload {
  readonly fields: readonly FormField[];
  readonly file: FormField;
  readonly purpose: string;
}

function readUpload(body: Buffer, { boundary }: Asked): Result<Upload, DecodeFault> {
  if (boundary === undefined) return err({ code: 'form.boundary' });
  const form = readForm(body, boundary);
  if (!form.ok) return form;
  const fields = form.value;
  const [purpose, file] = ['purpose', 'file'].map((name) => fields.find((field) => field.name === name));
  if (purpose === undefined || file === undefined) return err({ code: 'form.missing_field' });
  return ok({ fields, file, purpose: body.toString('utf8', purpose.start, purpose.end) });
}

/** Names and values of fields stand as they are; a file's content is read elsewhere. */
function takeField(field: FormField, body: Buffer, out: Collector): void {
  const { name, fileName = '', start, end } = field;
  const place = { ...NOBODY, origin: 'user', lane: 'metadata' } as const;
  if (name === 'file') return out.addPlain({ start, end: start }, fileName, place);
  const isKnown = SETTINGS.has(name);
  if (!isKnown) out.countUnknownField();
  const text = body.toString('utf8', start, end);
  const where = isKnown ? place : ({ ...place, origin: 'unknown', lane: 'unknown' } as const);
  out.addPlain(
    { start, end },
    [...(isKnown ? [] : [name, fileName]), text].filter((line) => line !== '').join('\n'),
    where,
  );
}

const linesOf = (body: Buffer, { start, end }: FormField): Result<readonly JsonLine[], DecodeFault> =>
  readLines(body.subarray(start, end), start);

/** The body is a request of its own. */
const line = object({ custom_id: note, method: note, url: note, body: known });

function takeLine({ start, bytes, value }: JsonLine, out: Collector): void {
  const inner = new Collector(bytes, 'user');
  line(value, { ...NOBODY, origin: 'user' }, inner);
  const body = findValue(value, 'body');
  if (body !== undefined) inner.countJudged(body.end - body.start);
  out.addWithin(start, inner);
}

/** Of the operations that have a body of JSON; a provider's batches have no others. */
function requestIn({ start, value }: JsonLine): Result<Enclosed, DecodeFault> {
  const body = findValue(value, 'body');
  const found = findOperation('openai', findString(value, 'method') ?? '', findString(value, 'url') ?? '');
  if (found === null || (found.operation.body ?? 'json') !== 'json')
    return err({ code: 'batch.operation', offset: start });
  if (body?.kind !== 'object') return err({ code: 'batch.body', offset: start });
  return ok({ ...found, start: start + body.start, end: start + body.end });
}
