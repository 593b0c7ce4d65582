// One who wants a lease, as a process of its own, to be killed: kubeconfig and name in; "leads" on standard output once it does.
import { lead, openClient, Owner } from '../../../src/cluster/reflect/index.ts';
import { QUICK_LEASE } from '../../support/quick-lease.ts';

const [kubeconfig = '', name = ''] = process.argv.slice(2);
const client = await openClient({ kubeconfig });
const leadership = lead({
  client,
  owner: new Owner(client, null),
  namespace: 'default',
  name,
  identity: 'to-be-killed',
  log: { info: () => undefined, warn: () => undefined },
  timing: QUICK_LEASE,
});
leadership.subscribe((isLeader) => void process.stdout.write(isLeader ? 'leads\n' : 'leads no longer\n'));
