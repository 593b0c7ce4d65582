// A directory in; its policy files as they stood together at one moment out, or why they cannot be had.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { err, ok, type Result } from '../lib/result.ts';
import type { PolicyIssue } from './issue.ts';
import { describeProblem, stampOf, surveyDirectory, type Survey, type SurveyedFile } from './survey.ts';

export interface SourceFile {
  /** Below the directory, with `/`. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** As it was read, and how it looked then. */
export interface Reading {
  readonly stamp: string;
  readonly files: Result<readonly SourceFile[], PolicyIssue>;
}

/** Null when something changed between the first look and the last byte: what was read may be a mixture. */
export async function readDirectory(directory: string): Promise<Reading | null> {
  const before = await surveyDirectory(directory);
  const stamp = stampOf(before);
  const files = before.ok ? await readFiles(before.value) : before;
  return stampOf(await surveyDirectory(directory)) === stamp ? { stamp, files } : null;
}

/** Over names and contents. */
export function hashFiles(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { name, bytes } of files)
    hash.update(`${JSON.stringify(name)} ${String(bytes.length)}\n`).update(bytes);
  return hash.digest('hex');
}

async function readFiles({ root, files }: Survey): Promise<Result<SourceFile[], PolicyIssue>> {
  const read: SourceFile[] = [];
  try {
    for (const file of files) read.push({ name: file.name, bytes: await readExactly(file) });
  } catch (error) {
    return err(describeProblem(root, error));
  }
  return ok(read);
}

/** As many bytes as were surveyed: a file that grows meanwhile shows in the second survey, not in memory. */
async function readExactly({ path, bytes }: SurveyedFile): Promise<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
