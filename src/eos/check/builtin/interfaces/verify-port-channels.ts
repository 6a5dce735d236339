import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { interfaceFaults, interfacesIn, portChannelSelection } from '../../input/interface-selection.ts'

/** Every port of every port-channel is active. */
export const verifyPortChannels = defineVerify({
  name: 'VerifyPortChannels',
  summary: 'Verifies that no port of a port-channel is inactive.',
  docs: 'Passes when the port-channels looked at have no inactive port.',
  example: {
    ignored_interfaces: ['Port-Channel1', 'Port-Channel2'],
    interfaces: ['Port-Channel11', 'Port-Channel22'],
  },
  input: () => z.strictObject(portChannelSelection()),
  commands: () => [{ cmd: 'show port-channel', revision: 1 }],
  answers: () => [z.object({ portChannels: byName(told({ inactivePorts: byName(z.unknown()) })).optional() })],
  judge: (input, [answer]) =>
    passUnless(
      interfaceFaults(input, interfacesIn(input, answer, 'portChannels'), (name, { inactivePorts }) =>
        inactivePorts.size === 0
          ? []
          : [`Interface: ${name} - Inactive port(s) - ${[...inactivePorts.keys()].join(', ')}`],
      ),
    ),
})
