// Serials of bundles in; whether one goes back behind what was in force before, kept in memory and, where wanted, on disk.
import type { SignatureKeys } from '../config/index.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { decodeJson, hasKeys } from './json-bytes.ts';
import { nameError } from './name-error.ts';
import { readSmallFile } from '../lib/read-small-file.ts';
import { isSerial, type SignatureFault } from './signature.ts';
import type { SignedBundle } from './verify-bundle.ts';
import { writeWhole } from '../lib/write-whole.ts';

/** The bundle with the highest serial so far; without a digest the least serial that will do. */
interface Mark {
  readonly serial: number;
  readonly digest: string | null;
}

const DIGEST = /^[0-9a-f]{64}$/;

export class SerialMark {
  readonly #stateFile: string | null;
  #mark: Mark;
  #isRestored: boolean;

  constructor({ leastSerial, stateFile }: Omit<SignatureKeys, 'keys'>) {
    this.#stateFile = stateFile;
    this.#mark = { serial: leastSerial, digest: null };
    this.#isRestored = stateFile === null;
  }

  /** Null when it may come: the same contents under any serial, others only under a higher one. */
  async check({ bundle, signature }: SignedBundle): Promise<SignatureFault | null> {
    const fault = await this.#restore();
    if (fault !== null) return fault;
    const { digest } = bundle;
    const { serial } = signature;
    const mark = this.#mark;
    const isFirst = mark.digest === null && serial === mark.serial;
    if (serial > mark.serial || digest === mark.digest || isFirst) return null;
    return { code: 'signature.rollback', message: describeStep(serial, mark) };
  }

  /** For what was checked and can be put in force; on disk before it is. */
  async raise({ bundle, signature }: SignedBundle): Promise<SignatureFault | null> {
    const mark = { serial: signature.serial, digest: bundle.digest };
    if (mark.serial < this.#mark.serial || isSame(mark, this.#mark)) return null;
    const fault = this.#stateFile === null ? null : await writeState(this.#stateFile, mark);
    if (fault === null) this.#mark = mark;
    return fault;
  }

  async #restore(): Promise<SignatureFault | null> {
    if (this.#isRestored || this.#stateFile === null) return null;
    const kept = await readState(this.#stateFile);
    if (!kept.ok) return kept.error;
    if (kept.value !== null && kept.value.serial >= this.#mark.serial) this.#mark = kept.value;
    this.#isRestored = true;
    return null;
  }
}

const describeStep = (serial: number, mark: Mark): string =>
  serial === mark.serial
    ? `Another bundle with the serial ${String(serial)} was accepted before: sign it with a higher one.`
    : `Its serial ${String(serial)} is lower than ${String(mark.serial)}: it is older than what was accepted, or than least_serial.`;

const isSame = (a: Mark, b: Mark): boolean => a.serial === b.serial && a.digest === b.digest;

/** Null where there is none: this is the first start. */
async function readState(file: string): Promise<Result<Mark | null, SignatureFault>> {
  try {
    const value = decodeJson(Buffer.from(await readSmallFile(file)));
    return isMark(value) ? ok(value) : err(stateFault('holds no serial and digest'));
  } catch (error) {
    const kind = nameError(error);
    return kind === 'ENOENT' ? ok(null) : err(stateFault(`cannot be read: ${kind}`));
  }
}

async function writeState(file: string, mark: Mark): Promise<SignatureFault | null> {
  try {
    await writeWhole(file, `${JSON.stringify(mark)}\n`);
    return null;
  } catch (error) {
    return stateFault(`cannot be written: ${nameError(error)}`);
  }
}

const isMark = (value: unknown): value is Mark =>
  hasKeys(value, ['serial', 'digest']) &&
  isSerial(value.serial) &&
  typeof value.digest === 'string' &&
  DIGEST.test(value.digest);

const stateFault = (what: string): SignatureFault => ({
  code: 'signature.state',
  message: `The file of policy.signature.state_file ${what}.`,
});
