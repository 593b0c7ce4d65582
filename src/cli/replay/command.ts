// `postern replay`: a recorded log and a candidate in; the decisions that change, counted and named, out.
import { ok, type Result } from '../../lib/result.ts';
import { requireText, textOf, UsageError, type Call, type Command, type Options } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { openBundle, type Station } from './open-bundle.ts';
import { openLog, type OpenedLog } from './open-log.ts';
import { describeReplay, type Replay } from './print.ts';
import { printReplay } from './print-table.ts';
import { writeMarkdown } from './print-markdown.ts';
import { openProgress } from './progress.ts';
import { readLines } from './read-lines.ts';
import { readStation } from './read-station.ts';
import { LogReplay } from './replay-log.ts';
import type { Bundles } from './replay-side.ts';
import { isDifference, Report, type Result as SideResult } from './report.ts';

export const replayCommand: Command = {
  kind: 'command',
  name: 'replay',
  summary: 'ask other policies about recorded traffic, and show what would change',
  operands: 'LOG',
  options: {
    candidate: { value: 'PATH', help: 'a directory of policies, as a sidecar takes it, or a built bundle' },
    baseline: { value: 'PATH', help: 'compare with these policies, instead of with what the log says' },
    config: { value: 'FILE', help: 'a sidecar’s configuration: its modes and its namespace count' },
    'fail-on': {
      value: 'WHAT',
      help: 'what ends the command with 1: any difference (the default), newly-allowed, newly-denied or none',
    },
    changes: { value: 'N', help: 'name at most so many decisions that change (100)' },
  },
  examples: [
    {
      line: 'replay audit.jsonl --candidate policies',
      purpose: 'of a sidecar with audit.facts: what a directory of policies would change',
    },
    {
      line: 'replay audit.jsonl --candidate policies --baseline main/policies --fail-on newly-allowed -o markdown',
      purpose: 'in a pull request: what it changes, as a comment; it fails when something refused would pass',
    },
    { line: 'replay - --candidate bundle.tar.gz -o json <audit.jsonl', purpose: 'for programs' },
  ],
  formats: ['markdown'],
  run: replay,
};

const FAILING: Readonly<Record<string, (result: SideResult) => boolean>> = {
  any: isDifference,
  'newly-allowed': (result) => result === 'newly_allowed',
  'newly-denied': (result) => result === 'newly_denied' || result === 'failed',
  none: () => false,
};

async function replay({ operands, options, print }: Call): Promise<ExitCode> {
  const [file, more] = operands;
  if (file === undefined || more !== undefined) throw new UsageError('name one log; - is standard input');
  const fails = readFailing(options);
  const mostChanged = readCount(options);
  const station = await readStation(textOf(options, 'config'));
  const log = await openLog(file);
  if ('problem' in log) return complain(print, `${file} cannot be read: ${log.problem}`);
  const bundles = await openBundles(options, station, print);
  if (!bundles.ok) return bundles.error;
  const report = new Report(mostChanged);
  const replayed = new LogReplay(bundles.value, report);
  const fault = await readAll(log, replayed);
  if (fault !== null) return complain(print, `${file} cannot be read: ${fault}`);
  show(print, options, { file, bundles: bundles.value, summary: replayed.summary, report });
  return exitOf(print, { report, fails });
}

async function openBundles(
  options: Options,
  station: Station,
  print: Printer,
): Promise<Result<Bundles, ExitCode>> {
  const path = textOf(options, 'baseline');
  const candidate = await openBundle(requireText(options, 'candidate'), station, print);
  if (!candidate.ok) return candidate;
  const baseline = path === undefined ? ok(null) : await openBundle(path, station, print);
  return baseline.ok ? ok({ candidate: candidate.value, baseline: baseline.value }) : baseline;
}

/** Why it could not be read to its end; null when it could. */
async function readAll({ chunks, bytes }: OpenedLog, replayed: LogReplay): Promise<string | null> {
  const progress = openProgress(bytes);
  try {
    for await (const lines of readLines(watch(chunks, (read) => progress.add(read))))
      for (const line of lines) replayed.take(line);
    return null;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    return code ?? syscall;
  } finally {
    progress.end();
  }
}

async function* watch(chunks: AsyncIterable<Buffer>, see: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    see(chunk.length);
    yield chunk;
  }
}

function show(print: Printer, options: Options, result: Replay): void {
  if (print.isJson) print.json(describeReplay(result));
  else if (options['output'] === 'markdown') print.line(writeMarkdown(result));
  else printReplay(print, result);
}

interface Ending {
  readonly report: Report;
  readonly fails: (result: SideResult) => boolean;
}

/** A log that decides nothing is no evidence that nothing changes. */
function exitOf(print: Printer, { report, fails }: Ending): ExitCode {
  const counts = Object.entries(report.sides) as ReadonlyArray<[SideResult, number]>;
  const decided = counts.filter(([result]) => result !== 'undecided');
  if (decided.every(([, count]) => count === 0)) {
    return complain(
      print,
      'the log decides nothing: it needs decisions that were written with audit.facts, and what policies read',
    );
  }
  return decided.some(([result, count]) => count > 0 && fails(result)) ? EXIT.findings : EXIT.fine;
}

function complain(print: Printer, problem: string): ExitCode {
  print.error(`postern replay: ${problem}`);
  return EXIT.badData;
}

function readFailing(options: Options): (result: SideResult) => boolean {
  const word = textOf(options, 'fail-on') ?? 'any';
  const fails = Object.hasOwn(FAILING, word) ? FAILING[word] : undefined;
  if (fails === undefined) throw new UsageError(`--fail-on is one of ${Object.keys(FAILING).join(', ')}`);
  return fails;
}

const MOST_CHANGES = 100_000;

function readCount(options: Options): number {
  const text = textOf(options, 'changes') ?? '100';
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= MOST_CHANGES) return count;
  throw new UsageError(`--changes is a whole number up to ${String(MOST_CHANGES)}`);
}
