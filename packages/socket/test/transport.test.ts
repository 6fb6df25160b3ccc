import { openKernelTransport } from '../src/kernel-transport.js';
import { ackMessage } from './messages.js';
import { ScriptedTransport } from './scripted-transport.js';
import { describeTransport } from './transport-contract.js';

const EOPNOTSUPP = 95;

describeTransport({
  name: 'the running kernel',
  missing: process.platform === 'linux' ? undefined : 'netlink needs Linux',
  open: () => openKernelTransport(),
});

describeTransport({
  name: 'the scripted kernel',
  missing: undefined,
  open: () =>
    new ScriptedTransport(({ seq }, { portId }) => [ackMessage(EOPNOTSUPP, { seq, portId })]),
});

describeTransport({
  name: 'the scripted kernel that answers later',
  missing: undefined,
  open: () => {
    const answer = ({ seq }: { seq: number }, transport: ScriptedTransport) => {
      transport.arrive(ackMessage(EOPNOTSUPP, { seq, portId: transport.portId }));
      return [];
    };
    return new ScriptedTransport(answer, { answersInSend: false });
  },
});
