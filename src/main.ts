// Arguments in, one program out: the sidecar, the controller, a gate beside a command, the demonstration, or the command line. Nothing else.
const OLDEST_NODE = [24, 17] as const;
const EXIT_UNAVAILABLE = 69;

async function main([program, ...args]: readonly string[]): Promise<number> {
  switch (program) {
    case 'sidecar':
      return (await import('./sidecar/index.ts')).runSidecar(args);
    case 'controller':
      return (await import('./controller/index.ts')).runController(args);
    case 'run':
      return (await import('./run/index.ts')).runBeside(args);
    case 'demo':
      return (await import('./demo/index.ts')).runDemo(args);
    default:
      return (await import('./cli/index.ts')).runCli(process.argv.slice(2));
  }
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

if (isTooOld(process.versions.node)) {
  process.stderr.write(
    `postern: Node ${OLDEST_NODE.join('.')} or newer is needed, not ${process.versions.node}\n`,
  );
  process.exitCode = EXIT_UNAVAILABLE;
} else {
  process.exitCode = await main(process.argv.slice(2));
}
