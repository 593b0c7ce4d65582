// A Dockerfile in; its last stage, as far as images here are made of it, out. What is not understood is an error, not a difference.

export interface Copy {
  /** The stage it comes from; null for the repository. */
  readonly stage: string | null;
  readonly sources: readonly string[];
  readonly target: string;
}

export interface RunStage {
  readonly copies: readonly Copy[];
  readonly workdir: string;
  readonly user: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
}

type Line = readonly [instruction: string, rest: string];

/** @throws Error naming the instruction that is missing or not understood. */
export function readRunStage(dockerfile: string): RunStage {
  const lines = readLines(dockerfile);
  const stage = lines.slice(lines.findLastIndex(([instruction]) => instruction === 'FROM') + 1);
  const known = ['COPY', 'WORKDIR', 'USER', 'ENV', 'ENTRYPOINT'];
  const strange = stage.find(([instruction]) => !known.includes(instruction));
  if (strange !== undefined) throw new Error(`Dockerfile: ${strange[0]} in the last stage is not understood`);
  return {
    copies: restsOf(stage, 'COPY').map(readCopy),
    workdir: onlyOf(stage, 'WORKDIR'),
    user: onlyOf(stage, 'USER'),
    env: restsOf(stage, 'ENV'),
    entrypoint: JSON.parse(onlyOf(stage, 'ENTRYPOINT')) as string[],
  };
}

const readLines = (dockerfile: string): Line[] =>
  dockerfile
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]);

const restsOf = (stage: readonly Line[], wanted: string): string[] =>
  stage.filter(([instruction]) => instruction === wanted).map(([, rest]) => rest);

function onlyOf(stage: readonly Line[], wanted: string): string {
  const [only, ...more] = restsOf(stage, wanted);
  if (only === undefined || more.length > 0)
    throw new Error(`Dockerfile: one ${wanted} is wanted in the last stage`);
  return only;
}

function readCopy(rest: string): Copy {
  const words = rest.split(' ');
  const stage = /^--from=(.+)$/.exec(words[0] ?? '')?.[1] ?? null;
  const paths = stage === null ? words : words.slice(1);
  return { stage, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
}
