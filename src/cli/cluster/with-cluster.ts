// A command in, with options as kubectl has them; the same command, given the cluster that they name, out.
import { textOf, type Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Cluster } from './cluster.ts';

type Run = (call: Call, cluster: Cluster) => Promise<ExitCode>;

/** What the cluster refuses is said, and ends the command. */
export const withCluster =
  (run: Run) =>
  async (call: Call): Promise<ExitCode> => {
    const { Cluster: Opened, ClusterError } = await import('./cluster.ts');
    let cluster: Cluster;
    try {
      cluster = await Opened.open(choiceOf(call));
    } catch (error) {
      call.print.error(messageOf(error));
      return EXIT.unavailable;
    }
    try {
      return await run(call, cluster);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      call.print.error(error.message);
      return EXIT.unavailable;
    } finally {
      await cluster[Symbol.asyncDispose]();
    }
  };

function choiceOf({ options }: Call): { kubeconfig?: string; context?: string } {
  const [kubeconfig, context] = [textOf(options, 'kubeconfig'), textOf(options, 'context')];
  return { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
