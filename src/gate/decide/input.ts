// Which fields some policies read in; the writer out that makes of facts the document that these policies are shown.
import type { Facts } from './facts.ts';
import type { Schema } from './input-field.ts';
import { growReads, type Reads } from './input-reads.ts';
import { INPUT } from './input-shape.ts';

export type InputWriter = (facts: Facts) => object;

/** What is not read is not written: loading it would cost more than most policies do. */
export function createInputWriter(reads: Reads): InputWriter {
  const request = INPUT.prepare(growReads(reads.request));
  const response = INPUT.prepare(growReads(reads.response));
  return (facts) => (facts.phase === 'request' ? request : response)(facts);
}

/** For the compiler, editors and people. */
export const INPUT_SCHEMA: Schema & Readonly<Record<'$schema' | 'title', string>> = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'The input of policies',
  ...INPUT.schema,
};

/** A bundle that reads what there is not here would be shown less than it was tested with. */
export const isInputPath = (path: string): boolean => INPUT.has(path.split('.'));
