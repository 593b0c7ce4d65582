// `postern demo`: the main job, running, on embedded defaults. Exit 0 only if every exchange came out as expected.
import { writeFile } from 'node:fs/promises';
import { openClients, openDirectClients } from './clients.ts';
import { perform, type BothClients } from './perform.ts';
import { CONFIG } from './policies.ts';
import { LONG_ROW, ROWS } from './rows.ts';
import { heading, say, showHeader, showRow } from './show.ts';
import { setStage, type Stage } from './stage.ts';

const HOT_RELOAD_MS = 10_000;

const HELP = `postern demo: attacks on a model that leaks, judged and written down, on this machine.

Usage: postern demo

Starts an LLM server, a receiver of traces and the sidecar on free ports of the loopback, sends exchanges through the official
SDKs, edits a policy, and ends everything. Ends with 0 only if every exchange came out as expected, 64 on wrong usage.
`;

const EXIT_USAGE = 64;

export async function runDemo(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    process.stdout.write(HELP);
    return args.every((arg) => arg === '-h' || arg === '--help') ? 0 : EXIT_USAGE;
  }
  say(
    'Setting the stage: an LLM server over TLS, a receiver of traces, a policy directory, and the sidecar.',
  );
  const stage = await setStage();
  try {
    return await showAll(stage);
  } finally {
    await stage[Symbol.asyncDispose]();
  }
}

async function showAll(stage: Stage): Promise<number> {
  const clients = {
    gated: openClients(stage.gate),
    direct: openDirectClients(stage.llm.url, stage.authority),
  };
  heading(`Exchanges, through the official SDKs, with ${stage.gate}/<upstream> as their base URL`);
  showHeader();
  await warmUp(clients);
  let surprises = 0;
  for (const row of ROWS) {
    const performance = await perform(row, stage, clients);
    surprises += performance.surprises.length;
    showRow(performance);
  }
  surprises += await editPolicy(stage, clients);
  await lookFurther(stage);
  say(surprises === 0 ? '\nEvery exchange came out as expected.' : `\n${surprises} surprises.`);
  return surprises === 0 ? 0 : 1;
}

/** The first call of each SDK opens connections and compiles code; nobody's added milliseconds. */
async function warmUp({ gated, direct }: BothClients): Promise<void> {
  for (const row of ROWS.slice(0, 3)) for (const clients of [gated, direct]) await row.send(clients);
}

/** The same letter that was refused passes once the artifact says so; the process is the one that refused it. */
async function editPolicy(stage: Stage, clients: BothClients): Promise<number> {
  heading(`An edit of ${stage.configFile}: max_user_length 1000 → 5000 (process ${stage.processId} goes on)`);
  const row = { ...LONG_ROW, action: 'allow', reason: '', saw: /./, reachesUpstream: true };
  const start = Date.now();
  await writeFile(stage.configFile, JSON.stringify({ ...CONFIG, max_user_length: 5000 }, null, 2));
  let last = await perform(row, stage, clients);
  while (last.surprises.length > 0 && Date.now() - start < HOT_RELOAD_MS) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    last = await perform(row, stage, clients);
  }
  showRow(last);
  if (last.surprises.length === 0)
    say(
      `The answer changed ${((Date.now() - start) / 1000).toFixed(1)} s after the edit, without a restart.`,
    );
  return last.surprises.length;
}

async function lookFurther({ otlp, auditLines }: Stage): Promise<void> {
  const trace = await otlp.waitFor(({ spans }) => {
    const guard = spans.find(({ attributes }) => attributes['postern.action'] === 'deny');
    return guard && spans.filter(({ traceId }) => traceId === guard.traceId);
  });
  heading('The trace of one refusal, as the receiver got it');
  for (const { name, attributes } of trace.toReversed()) say(`  ${name.padEnd(36)} ${summarise(attributes)}`);
  heading('Where to look next');
  say(
    `  ${auditLines().length} lines of a hash-chained audit log were written; none holds a word of what was said.`,
  );
  say('  README.md              what it is, and a policy to start from');
  say('  src/sidecar/pipeline.ts   one request’s way on one page');
  say('  rego/README.md         the built-in policies, and how to write one');
  say('  k8s/examples           a Deployment with the sidecar');
}

const SHOWN = ['postern.outcome', 'postern.action', 'postern.codes', 'postern.bundle.digest'];

const summarise = (attributes: Readonly<Record<string, unknown>>): string =>
  SHOWN.filter((name) => attributes[name] !== undefined)
    .map((name) => `${name}=${String(attributes[name]).slice(0, 40)}`)
    .join(' ');
