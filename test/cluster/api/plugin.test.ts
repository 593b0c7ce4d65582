// kubectl itself in; its plugin out.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { canStartApiServer, KUBECTL } from '../../support/api-server.ts';

const BIN = join(import.meta.dirname, '../../../bin');
const run = promisify(execFile);

(canStartApiServer ? describe : describe.skip)('kubectl', () => {
  const env = { ...process.env, PATH: `${BIN}:${process.env['PATH'] ?? ''}` };

  it('finds postern among its plugins', async () => {
    expect((await run(KUBECTL, ['plugin', 'list'], { env })).stdout).toContain('kubectl-postern');
  });

  it('hands it what follows, and ends as it does', async () => {
    const { stdout } = await run(KUBECTL, ['postern', 'policy', 'wait', '--help'], { env });
    expect(stdout).toMatch(/^wait until every pod/);
    await expect(run(KUBECTL, ['postern', 'polcy'], { env })).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean policy?'),
    });
  });
});
