// How namespaces stand in; lines for people out.
import { describeIssue, shortDigest, type ToldStatus } from '../../cluster/distribute/index.ts';
import type { Printer } from '../print.ts';
import type { TellingNamespace } from './read-sources.ts';

const COLOURS = { ok: 'green', pending: 'yellow', degraded: 'red', error: 'red', unknown: 'yellow' } as const;

export function printStanding(print: Printer, told: readonly TellingNamespace[], withPods: boolean): void {
  const rows = told.map(({ namespace, status }) => cellsOf(namespace, status));
  for (const line of alignCells([HEAD, ...rows], (cell, at) => (at === 1 ? colour(print, cell) : cell)))
    print.line(line);
  for (const { namespace, status } of told) {
    if (status === null) continue;
    for (const line of [...linesOf(status, withPods), ...candidateLines(status)])
      print.line(`${namespace}: ${line}`);
  }
}

const HEAD = ['NAMESPACE', 'STATE', 'DIGEST', 'PODS', 'CHANNEL'];

const cellsOf = (namespace: string, status: ToldStatus | null): readonly string[] =>
  status === null
    ? [namespace, 'unknown', '-', '-', '-']
    : [
        namespace,
        status.state,
        status.digest === null ? '-' : shortDigest(status.digest),
        `${String(status.acknowledged)}/${String(status.pods)}`,
        status.channel,
      ];

function linesOf({ issues, byPod }: ToldStatus, withPods: boolean): readonly string[] {
  const pods = byPod.filter(({ state }) => withPods || state === 'degraded');
  return [
    ...issues.map((issue) =>
      [issue.configMap, describeIssue(issue)].filter((each) => each !== '').join(': '),
    ),
    ...pods.map(
      ({ pod, state, digest }) =>
        `pod ${pod}: ${state}, has ${digest === null ? 'nothing' : shortDigest(digest)}`,
    ),
    ...pods.flatMap(({ pod, issues: own }) =>
      own.map(
        ({ file, row, column, message }) =>
          `pod ${pod}: ${file}:${String(row)}:${String(column)}: ${message}`,
      ),
    ),
  ];
}

function candidateLines({ candidate, pods }: ToldStatus): readonly string[] {
  if (candidate === null) return [];
  const { state, digest, percent, obeying, comparing, sides, hold, issues } = candidate;
  const name = `candidate ${digest === null ? '-' : shortDigest(digest)}`;
  const of = `of ${String(pods)} pods`;
  const obeyed = percent > 0 ? `obeyed by ${String(obeying)} ${of} (${String(percent)} %), ` : '';
  const counted = `of ${String(sides.compared)} sides ${String(sides.newlyDenied)} newly denied, ${String(sides.newlyAllowed)} newly allowed, ${String(sides.failed)} failed`;
  return [
    `${name}: ${state}, ${obeyed}by ${String(comparing)} ${of}; ${counted}`,
    ...(state === 'held' && hold !== null
      ? [`${name}: held: ${hold.why}; to let it go on: postern policy approve`]
      : []),
    ...issues.map(
      (issue) =>
        `${name}: ${[issue.configMap, describeIssue(issue)].filter((each) => each !== '').join(': ')}`,
    ),
  ];
}

/** Columns as wide as they have to be; colours do not count. */
export function alignCells(
  rows: ReadonlyArray<readonly string[]>,
  dress: (cell: string, column: number) => string = (cell) => cell,
): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, at) => dress(cell, at) + ' '.repeat((widths[at] ?? 0) - cell.length))
      .join('  ')
      .trimEnd(),
  );
}

const colour = (print: Printer, cell: string): string =>
  Object.hasOwn(COLOURS, cell) ? print.style(COLOURS[cell as keyof typeof COLOURS], cell) : cell;
