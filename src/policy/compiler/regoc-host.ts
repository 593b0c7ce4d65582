// What the compiler asks its host while it checks and evaluates in; what the sidecar would answer policies out.
import { PosternError } from '../../exchange/index.ts';
import { findTextOnPart, TextBuiltins } from '../builtins/index.ts';

interface Question {
  readonly name: string;
  /** Absent: is this something that can be looked for? */
  readonly part?: unknown;
  readonly wanted: unknown;
}

interface Imports {
  /** The place of a question in; how long the reply is out. */
  readonly ask: (address: number, length: number) => number;
  /** Writes the reply there. */
  readonly take: (address: number) => void;
}

/** There is one implementation of these built-ins, so that a test says what production says. */
export function createHost(memory: () => WebAssembly.Memory): Imports {
  const builtins = new TextBuiltins(findTextOnPart);
  let reply = Buffer.alloc(0);
  return {
    ask: (address, length) => {
      const question = Buffer.from(memory().buffer, address, length).toString();
      reply = Buffer.from(JSON.stringify(answer(builtins, JSON.parse(question) as Question)));
      return reply.length;
    },
    take: (address) => {
      Buffer.from(memory().buffer).set(reply, address);
    },
  };
}

function answer(builtins: TextBuiltins, { name, part, wanted }: Question): object {
  if (part === undefined) return { error: builtins.check(name, wanted) ?? '' };
  try {
    return { found: builtins.serve([], () => builtins.functions[name]?.(part, wanted)) };
  } catch (error) {
    if (error instanceof PosternError) return { error: error.message };
    throw error;
  }
}
