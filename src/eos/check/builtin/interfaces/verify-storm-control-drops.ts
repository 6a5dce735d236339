import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { interfaceFaults, interfaceSelection, interfacesIn } from '../../input/interface-selection.ts'

/** Storm control dropped nothing. */
export const verifyStormControlDrops = defineVerify({
  name: 'VerifyStormControlDrops',
  summary: 'Verifies that storm control dropped no packet.',
  docs: 'Passes when the drop counters of the interfaces looked at are zero for every type of traffic. An interface that is named must have storm control.',
  example: { interfaces: ['Ethernet1', 'Ethernet2'], ignored_interfaces: ['Vxlan1', 'Loopback0'] },
  input: () => z.strictObject(interfaceSelection()),
  commands: () => [{ cmd: 'show storm-control', revision: 1 }],
  answers: () => [
    z.object({
      interfaces: byName(told({ trafficTypes: byName(z.object({ drop: z.number().optional() })) })).optional(),
    }),
  ],
  judge: (input, [answer]) =>
    passUnless(
      interfaceFaults(input, interfacesIn(input, answer, 'interfaces'), (name, { trafficTypes }) => {
        return [...trafficTypes].flatMap(([type, { drop = 0 }]) =>
          drop === 0 ? [] : [`Interface: ${name} - Non-zero storm-control drop counter(s) - ${type}: ${drop}`],
        )
      }),
    ),
})
