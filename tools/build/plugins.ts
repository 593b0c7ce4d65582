// What is written otherwise when modules are put together in one file: the folder they were in, and two doors that load too much.
import { dirname, relative } from 'node:path';
import type { Plugin } from 'rolldown';

/** Files that look for others beside the program still mean the folder of their source. */
export const ownFolder = (source: string): Plugin => ({
  name: 'own-folder',
  transform(code, id) {
    if (!id.startsWith(source) || !code.includes('import.meta.dirname')) return null;
    const folder = JSON.stringify(`/${relative(source, dirname(id))}`);
    return code.replaceAll('import.meta.dirname', `(import.meta.dirname + ${folder})`);
  },
});

const HTTP = '\0node:http';

/** Who imports node:http as an ES module has Node read all its exports, and one of them loads Node's own fetch and WebSocket. */
export const builtinHttp: Plugin = {
  name: 'builtin-http',
  resolveId: (id) => (id === 'node:http' || id === 'http' ? HTTP : null),
  load: (id) => (id === HTTP ? "module.exports = process.getBuiltinModule('node:http');" : null),
};

const GRPC = '\0grpc';

/** OpenTelemetry's SDK brings every exporter there is. Ours are given to it, and speak HTTP. */
export const withoutGrpc: Plugin = {
  name: 'without-grpc',
  resolveId: (id) => (/^@opentelemetry\/exporter-[a-z]+-otlp-grpc$/.test(id) ? GRPC : null),
  load: (id) =>
    id === GRPC
      ? `class AbsentExporter {
          constructor() { throw new Error('Postern is built without exporters over gRPC.'); }
        }
        export {
          AbsentExporter as OTLPLogExporter,
          AbsentExporter as OTLPMetricExporter,
          AbsentExporter as OTLPTraceExporter,
        };`
      : null,
};
