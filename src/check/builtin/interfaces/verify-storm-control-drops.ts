import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../define-verify.ts'
import { interfaceFaults, interfaceSelection } from '../../interface-selection.ts'
import { nonZeroCounters } from './non-zero-counters.ts'

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
      interfaces: byName(z.object({ trafficTypes: byName(z.object({ drop: z.number() })) })),
    }),
  ],
  judge: (input, [{ interfaces }]) =>
    passUnless(
      interfaceFaults(input, interfaces, (name, { trafficTypes }) => {
        const drops = nonZeroCounters([...trafficTypes].map(([type, { drop }]) => [type, drop]))
        return drops === '' ? [] : [`Interface: ${name} - Non-zero storm-control drop counter(s) - ${drops}`]
      }),
    ),
})
