import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { interfacesDescriptionAnswer, SHOW_INTERFACES_DESCRIPTION } from '../../answer/show-interfaces-description.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { expectedStatus, interfaceState, interfaceSubject } from './interface-state.ts'

/** EOS says `connected` in some answers for what it calls `up` in others. */
const spoken = (status: string): string => (status === 'connected' ? 'up' : status)

/** Each interface is in the state that is given. */
export const verifyInterfacesStatus = defineVerify({
  name: 'VerifyInterfacesStatus',
  summary: 'Verifies the status of interfaces, and of their line protocol.',
  docs: 'Passes when every interface has its status and, where it is given, its line protocol status. An interface that is to be up must have its line protocol up as well.',
  example: {
    interfaces: [
      { name: 'Ethernet1', status: 'up' },
      { name: 'Port-Channel100', status: 'down', line_protocol_status: 'lowerLayerDown' },
      { name: 'Ethernet49/1', status: 'adminDown', line_protocol_status: 'notPresent' },
    ],
  },
  input: () =>
    z.strictObject({
      interfaces: z
        .array(z.strictObject({ ...interfaceState(), status: expectedStatus() }))
        .min(1)
        .describe('The interfaces with their status.'),
    }),
  commands: () => [SHOW_INTERFACES_DESCRIPTION],
  answers: () => [interfacesDescriptionAnswer()],
  judge: ({ interfaces }, [{ interfaceDescriptions }]) =>
    passUnless(
      interfaces.flatMap((one) => {
        const told = interfaceDescriptions.get(one.name)
        if (told === undefined) return [`${interfaceSubject(one)} - Not configured`]
        const protocol = one.line_protocol_status ?? (one.status === 'up' ? 'up' : undefined)
        const status = spoken(needed(told, 'interfaceStatus'))
        const line = spoken(needed(told, 'lineProtocolStatus'))
        const [expected, actual] =
          protocol === undefined ? [one.status, status] : [`${one.status}/${protocol}`, `${status}/${line}`]
        return actual === expected
          ? []
          : [`${interfaceSubject(one)} - Status mismatch - Expected: ${expected}, Actual: ${actual}`]
      }),
    ),
})
