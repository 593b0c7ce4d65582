// Audit events in; lines in a file that only grows out, written before the exchange goes on. Apart from OpenTelemetry.
import { closeSync, constants, fstatSync, fsync, openSync, readSync, writeSync } from 'node:fs';
import { PosternError } from '../../exchange/index.ts';
import { GENESIS, hashLine, renderLine } from './chain.ts';
import { describeEvent, type AuditEvent } from './decision-log.ts';
import type { Log } from './log.ts';

interface AuditOptions {
  readonly file: string;
  /** Whether an exchange is refused when its line cannot be written. */
  readonly required: boolean;
  /** Who wrote the line, e.g. `{pod: "web-7d4", namespace: "shop"}`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly log: Log;
}

export interface AuditLog extends AsyncDisposable {
  /** @throws PosternError POSTERN_E_AUDIT_UNAVAILABLE when the log is required and the line is not in the file. */
  append(event: AuditEvent): void;
}

const SYNC_INTERVAL_MS = 1000;
/** More than the longest line. */
const TAIL_BYTES = 4_194_304;
const OWNER_ONLY = 0o600;

/** @throws PosternError POSTERN_E_AUDIT_UNAVAILABLE when the file cannot be opened, required or not. */
export function openAuditLog(options: AuditOptions): AuditLog {
  try {
    const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
    const descriptor = openSync(options.file, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW, OWNER_ONLY);
    return new AuditFile(descriptor, options);
  } catch (cause) {
    throw unavailable(cause);
  }
}

class AuditFile implements AuditLog {
  readonly #descriptor: number;
  readonly #options: AuditOptions;
  #sequence = 0;
  #previous: string;
  /** Whether the last line in the file was cut short and still lacks its end. */
  #isTorn: boolean;
  #timer: NodeJS.Timeout | null = null;
  #syncing: Promise<void> = Promise.resolve();
  #syncFault: Error | null = null;
  #hasReported = false;

  constructor(descriptor: number, options: AuditOptions) {
    this.#descriptor = descriptor;
    this.#options = options;
    const last = readLastLine(descriptor);
    this.#previous = last === null ? GENESIS : hashLine(last.line);
    this.#isTorn = last !== null && !last.isWhole;
  }

  append(event: AuditEvent): void {
    try {
      const entry = { ...describeEvent(event), labels: this.#options.labels };
      this.#write(Buffer.from(`${renderLine(this.#sequence, this.#previous, entry)}\n`));
      this.#syncSoon();
      if (this.#syncFault !== null) throw this.#syncFault;
      this.#hasReported = false;
    } catch (cause) {
      this.#report();
      if (this.#options.required) throw unavailable(cause);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#syncing;
    await this.#sync();
    closeSync(this.#descriptor);
  }

  #write(line: Buffer): void {
    if (this.#isTorn) writeSync(this.#descriptor, '\n');
    this.#isTorn = false;
    let written = 0;
    try {
      while (written < line.length) written += writeSync(this.#descriptor, line, written);
    } finally {
      this.#advance(line, written);
    }
  }

  /** The chain goes on over what is in the file, even where a full disk cut a line short. */
  #advance(line: Buffer, written: number): void {
    if (written === 0) return;
    const body = line.length - 1;
    this.#isTorn = written <= body;
    this.#previous = hashLine(line.subarray(0, Math.min(written, body)));
    if (written >= body) this.#sequence += 1;
  }

  /** At most one a second: a line is in the kernel at once and on the disk within a second. */
  #syncSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#syncing = this.#sync();
    }, SYNC_INTERVAL_MS).unref();
  }

  #sync(): Promise<void> {
    return new Promise((resolve) => {
      fsync(this.#descriptor, (fault) => {
        this.#syncFault = fault;
        if (fault !== null) this.#report();
        resolve();
      });
    });
  }

  /** Once until it works again: a full disk must not fill the log as well. */
  #report(): void {
    if (!this.#hasReported)
      this.#options.log.error('the audit log cannot be written', { file: this.#options.file });
    this.#hasReported = true;
  }
}

const unavailable = (cause: unknown): PosternError =>
  new PosternError('POSTERN_E_AUDIT_UNAVAILABLE', undefined, { cause });

/** The chain of a file goes on where an earlier process left it. */
function readLastLine(descriptor: number): { readonly line: Buffer; readonly isWhole: boolean } | null {
  const { size } = fstatSync(descriptor);
  if (size === 0) return null;
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readSync(descriptor, tail, 0, tail.length, size - tail.length);
  const isWhole = tail.at(-1) === 0x0a;
  const end = isWhole ? tail.length - 1 : tail.length;
  return { line: tail.subarray(tail.lastIndexOf(0x0a, end - 1) + 1, end), isWhole };
}
