// After a failure: what the pods and the cluster have to say about it.
import { kubectl } from './command.ts';

export async function explainFailure(namespaces: readonly string[]): Promise<string> {
  const sections = namespaces.flatMap((namespace) =>
    [
      ['get', 'pods', '-o', 'wide'],
      ['get', 'events', '--sort-by=.lastTimestamp'],
      ['logs', '--selector=app.kubernetes.io/name', '--all-containers', '--prefix', '--tail=60'],
    ].map((args) => ['-n', namespace, ...args]),
  );
  const told = await Promise.all(sections.map(tell));
  return told.join('\n');
}

async function tell(args: readonly string[]): Promise<string> {
  const said = await kubectl(...args).catch(String);
  return `--- kubectl ${args.join(' ')}\n${said.trim()}`;
}
