// `postern run -- command`: a gate and a command in; the command's own exit out. What it sends to LLMs meets the policies on the way.
import { readArguments, HELP, type Asked } from './arguments.ts';
import { openDecisions } from './decisions.ts';
import { startGate } from './gate.ts';
import { runCommand } from './command.ts';
import { Interrupted, Signals } from './signals.ts';
import { variablesFor } from './variables.ts';

const EXIT_USAGE = 64;
const EXIT_UNAVAILABLE = 69;

export async function runBeside(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked.kind === 'help') return say(process.stdout, HELP, 0);
  if (asked.kind === 'problem')
    return say(process.stderr, `postern run: ${asked.problem}\nTry: postern run --help`, EXIT_USAGE);
  const stack = new AsyncDisposableStack();
  try {
    return await runIn(asked, stack);
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    const problem = error instanceof Error ? error.message : String(error);
    return say(process.stderr, `postern run: ${problem}`, EXIT_UNAVAILABLE);
  } finally {
    await stack.disposeAsync();
  }
}

/** @throws Error when the gate or the command cannot be started. */
async function runIn(
  { command, isQuiet, format, ...asked }: Asked,
  stack: AsyncDisposableStack,
): Promise<number> {
  const signals = stack.use(new Signals());
  const gate = stack.adopt(await startGate(asked, process.env, signals.start), (started) => started.close());
  const { variables, left } = variablesFor(gate, process.env);
  if (!isQuiet) {
    if (left.length > 0) say(process.stderr, `postern: left as you have set them: ${left.join(', ')}`, 0);
    stack.adopt(openDecisions(gate.auditFile, format), (decisions) => decisions.close());
  }
  signals.start.throwIfAborted();
  return runCommand(command, variables, signals);
}

function say(stream: NodeJS.WritableStream, text: string, code: number): number {
  stream.write(`${text}\n`);
  return code;
}
