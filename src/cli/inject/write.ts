// Manifests in; on standard output they are, as YAML or as one JSON document.
import type { Json } from '../../cluster/admit/index.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { BadDocument } from './read-asked.ts';
import { writeManifests } from './manifest-yaml.ts';

export function writeOut({ print }: Call, manifests: readonly Json[]): void {
  if (!print.isJson) return print.line(writeManifests(manifests).trimEnd());
  const [only, ...more] = manifests;
  print.json(more.length === 0 ? only : { apiVersion: 'v1', kind: 'List', items: manifests });
}

/** A document that cannot be read ends the command, and is said. */
export const orBadDocument =
  (run: (call: Call) => Promise<ExitCode>) =>
  async (call: Call): Promise<ExitCode> => {
    try {
      return await run(call);
    } catch (error) {
      if (!(error instanceof BadDocument)) throw error;
      call.print.error(error.message);
      return EXIT.badData;
    }
  };
