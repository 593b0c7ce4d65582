// Bytes as they are read in; on a terminal, how far it got, on a line of its own that goes away, out.

export interface Progress {
  add(bytes: number): void;
  end(): void;
}

const INTERVAL_MS = 500;
const MIB = 1024 * 1024;

/** Nothing where standard error is no terminal, and nothing for what is over soon. */
export function openProgress(
  totalBytes: number | null,
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  let bytes = 0;
  let shownAtMs = performance.now();
  let isShown = false;
  return {
    add(more) {
      bytes += more;
      if (!stream.isTTY || performance.now() - shownAtMs < INTERVAL_MS) return;
      shownAtMs = performance.now();
      isShown = true;
      const share = totalBytes === null ? '' : ` of ${format(totalBytes)}`;
      stream.write(`\r\u001b[2K${format(bytes)}${share} replayed`);
    },
    end() {
      if (isShown) stream.write('\r\u001b[2K');
    },
  };
}

const format = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;
