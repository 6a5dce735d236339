import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { interfaceFaults, interfacesIn, portChannelSelection } from '../../input/interface-selection.ts'

/** No member of a port-channel received an illegal LACP packet. */
export const verifyIllegalLacp = defineVerify({
  name: 'VerifyIllegalLACP',
  summary: 'Verifies that port-channels received no illegal LACP packet.',
  docs: 'Passes when no member of the port-channels looked at counts an illegal LACP packet.',
  example: {
    ignored_interfaces: ['Port-Channel1', 'Port-Channel2'],
    interfaces: ['Port-Channel10', 'Port-Channel12'],
  },
  input: () => z.strictObject(portChannelSelection()),
  commands: () => [{ cmd: 'show lacp counters all-ports', revision: 1 }],
  answers: () => [
    z.object({
      portChannels: byName(told({ interfaces: byName(told({ illegalRxCount: z.number() })) })).optional(),
    }),
  ],
  judge: (input, [answer]) =>
    passUnless(
      interfaceFaults(input, interfacesIn(input, answer, 'portChannels'), (name, { interfaces }) =>
        [...interfaces].flatMap(([member, { illegalRxCount }]) =>
          illegalRxCount === 0
            ? []
            : [`Interface: ${name} - Illegal LACP packets detected on member interface ${member}`],
        ),
      ),
    ),
})
