// A form in a body in; its fields with the bytes they stand on out. RFC 7578 as the SDKs write it, and no other spelling.
import { isUtf8 } from 'node:buffer';
import type { ByteSpan } from '../../exchange/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { DecodeFault } from './fault.ts';

export interface FormField extends ByteSpan {
  readonly name: string;
  readonly fileName?: string;
  /** As declared, lower case, without parameters. */
  readonly mediaType?: string;
}

const MAX_FIELDS = 64;
const HEAD_BYTES = 1_024;
const LINE_END = '\r\n';
const HEAD_END = Buffer.from('\r\n\r\n');

/** No blanks, nothing that needs quoting in a pattern: what the SDKs make up. */
const CONTENT_TYPE = /^multipart\/form-data;\s?boundary=(?:"([\w'()+,./:=?-]{1,70})"|([\w'+.-]{1,70}))$/i;

/** The boundary that a content type names, or null where it is none of a form. */
export function boundaryOf(contentType: string): string | null {
  const [, quoted, plain] = CONTENT_TYPE.exec(contentType) ?? [];
  return quoted ?? plain ?? null;
}

export function readForm(body: Buffer, boundary: string): Result<readonly FormField[], DecodeFault> {
  const opening = Buffer.from(`--${boundary}${LINE_END}`);
  const separator = Buffer.from(`${LINE_END}--${boundary}`);
  if (!body.subarray(0, opening.length).equals(opening)) return err({ code: 'form.start', offset: 0 });
  const fields: FormField[] = [];
  let start = opening.length;
  while (fields.length < MAX_FIELDS) {
    const end = body.indexOf(separator, start);
    if (end === -1) return err({ code: 'form.unterminated', offset: start });
    const field = readField(body, { start, end });
    if (!field.ok) return field;
    fields.push(field.value);
    start = end + separator.length;
    if (isLast(body.subarray(start))) return endWith(fields);
    if (body.toString('latin1', start, start + 2) !== LINE_END)
      return err({ code: 'form.separator', offset: start });
    start += LINE_END.length;
  }
  return err({ code: 'form.fields', offset: start });
}

const isLast = (rest: Buffer): boolean =>
  ['--', `--${LINE_END}`].includes(rest.toString('latin1', 0, 5)) && rest.length <= 4;

/** Two fields of one name mean one to some readers and two to others, unless the name says that it is a list. */
function endWith(fields: readonly FormField[]): Result<readonly FormField[], DecodeFault> {
  const single = fields.filter(({ name }) => !name.endsWith('[]'));
  const names = new Set(single.map(({ name }) => name));
  return names.size === single.length ? ok(fields) : err({ code: 'form.duplicate_field' });
}

function readField(body: Buffer, { start, end }: ByteSpan): Result<FormField, DecodeFault> {
  const headEnd = body.subarray(start, Math.min(end, start + HEAD_BYTES)).indexOf(HEAD_END);
  if (headEnd === -1) return err({ code: 'form.head', offset: start });
  const head = readHead(body.subarray(start, start + headEnd));
  return head === null
    ? err({ code: 'form.head', offset: start })
    : ok({ ...head, start: start + headEnd + HEAD_END.length, end });
}

const TEXT = String.raw`"([^"\\\r\n\0]{1,255})"`;
const DISPOSITION = new RegExp(`^content-disposition: form-data; name=${TEXT}(?:; filename=${TEXT})?$`, 'i');
const MEDIA_TYPE = /^content-type: ([a-z]+\/[a-z0-9.+-]{1,64})(?:; ?charset=utf-8)?$/i;

/** Exactly one disposition, and one content type at most: others could change how the content is read. */
function readHead(bytes: Buffer): Omit<FormField, keyof ByteSpan> | null {
  if (!isUtf8(bytes)) return null;
  const lines = bytes.toString().split(LINE_END);
  const [disposition, ...more] = lines.filter((line) => DISPOSITION.test(line));
  const types = lines.filter((line) => MEDIA_TYPE.test(line));
  if (disposition === undefined || more.length > 0 || types.length > 1) return null;
  if (1 + types.length !== lines.length) return null;
  return { ...readDisposition(disposition), ...readType(types[0]) };
}

function readDisposition(line: string): Pick<FormField, 'name' | 'fileName'> {
  const [, name = '', fileName] = DISPOSITION.exec(line) ?? [];
  return fileName === undefined ? { name } : { name, fileName };
}

function readType(line: string | undefined): Pick<FormField, 'mediaType'> {
  const [, mediaType] = MEDIA_TYPE.exec(line ?? '') ?? [];
  return mediaType === undefined ? {} : { mediaType: mediaType.toLowerCase() };
}
