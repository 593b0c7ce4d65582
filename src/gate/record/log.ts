// A message and closed fields in; one JSON line out, safe for a terminal. There is no field for content.
import { renderJson } from './json-line.ts';

/** The only things a log line can say besides its message. */
interface LogFields {
  readonly address?: string;
  readonly code?: string;
  readonly count?: number;
  readonly detail?: string;
  readonly digest?: string;
  readonly durationMs?: number;
  readonly exchange?: string;
  readonly file?: string;
  readonly host?: string;
  readonly keyId?: string;
  readonly mode?: string;
  readonly signal?: string;
  readonly upstream?: string;
  readonly why?: string;
}

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const FIELD_CHARACTERS = 1024;

export function createLog(sink: { write(text: string): unknown }): Log {
  const write = (level: string, message: string, fields: LogFields = {}): void => {
    const line = { time: new Date().toISOString(), level, message, ...fields };
    sink.write(`${renderLine(line)}\n`);
  };
  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  };
}

const renderLine = (line: object): string =>
  renderJson(Object.fromEntries(Object.entries(line).map(([key, value]) => [key, cutText(value)])));

const cutText = (value: unknown): unknown =>
  typeof value === 'string' ? value.slice(0, FIELD_CHARACTERS) : value;
