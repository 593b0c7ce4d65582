// What is typed after `postern run` in; what to run, under which policies, or what is wrong with it, out.
import { parseArgs } from 'node:util';

export interface Asked {
  readonly kind: 'run';
  readonly command: readonly string[];
  /** Null has the built-in policies alone. */
  readonly policies: string | null;
  /** A configuration with upstreams of one's own; null has those that are known. */
  readonly config: string | null;
  readonly isStrict: boolean;
  readonly isQuiet: boolean;
  readonly format: 'table' | 'json';
}

export type Arguments =
  | Asked
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly problem: string };

export const HELP = `postern run: starts a command with Postern between it and the LLMs that it calls.

Usage: postern run [OPTIONS] -- COMMAND [ARGUMENTS]

  -p, --policies DIR    policies to judge by, beside the built-in ones; edits are in force at once
  -c, --config FILE     upstreams of your own, as \`postern sidecar\` reads them; the rest of the file is not used
      --strict          refuse every other host that the command asks the proxy for
  -q, --quiet           do not print decisions
  -o, --output FORMAT   of decisions, on standard error: table (for people) or json
  -h, --help            this text

The command finds Postern by base-URL and proxy variables, which are set where you have not set them. Its standard
streams are its own, and so is the exit code; 64 is wrong usage, 69 a gate or a command that could not be started.

Examples:
  # an application, under the built-in policies
  postern run -- python app.py
  # under policies that you are writing
  postern run --policies ./policies -- npm start`;

const OPTIONS = {
  policies: { type: 'string', short: 'p' },
  config: { type: 'string', short: 'c' },
  strict: { type: 'boolean', default: false },
  quiet: { type: 'boolean', short: 'q', default: false },
  output: { type: 'string', short: 'o', default: 'table' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function readArguments(args: readonly string[]): Arguments {
  const end = args.indexOf('--');
  const [own, command] = end === -1 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  try {
    const { values } = parseArgs({ args: [...own], options: OPTIONS });
    if (values.help) return { kind: 'help' };
    if (command.length === 0) return { kind: 'problem', problem: 'name a command behind --' };
    const format = formatOf(values.output);
    if (format === null) return { kind: 'problem', problem: '--output is table or json' };
    return {
      kind: 'run',
      command,
      policies: values.policies ?? null,
      config: values.config ?? null,
      isStrict: values.strict,
      isQuiet: values.quiet,
      format,
    };
  } catch (error) {
    return { kind: 'problem', problem: error instanceof Error ? error.message : String(error) };
  }
}

const formatOf = (text: string): Asked['format'] | null =>
  text === 'table' || text === 'json' ? text : null;
