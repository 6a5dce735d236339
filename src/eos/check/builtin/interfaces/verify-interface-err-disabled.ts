import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { MissingMember } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { interfaceSelection, interfacesLookedAt } from '../../input/interface-selection.ts'

/** No interface is errdisabled. */
export const verifyInterfaceErrDisabled = defineVerify({
  name: 'VerifyInterfaceErrDisabled',
  summary: 'Verifies that no interface is errdisabled.',
  docs: 'Passes when none of the interfaces looked at is among those that the switch tells as errdisabled.',
  example: { interfaces: ['Ethernet1/1'], ignored_interfaces: ['Ethernet1/5', 'Ethernet1/6'] },
  input: () => z.strictObject(interfaceSelection()),
  commands: () => [{ cmd: 'show interfaces status errdisabled', revision: 1 }],
  answers: () => [z.object({ interfaceStatuses: byName(z.looseObject({ causes: z.array(z.string()).optional() })) })],
  judge: (input, [{ interfaceStatuses }]) => {
    const told = interfacesLookedAt(input, interfaceStatuses).flatMap((name) => {
      const status = interfaceStatuses.get(name)
      return status === undefined ? [] : [{ name, status }]
    })
    const silent = told.find(({ status }) => Object.keys(status).length === 0)
    const disabled = told.filter(({ status }) => Object.keys(status).length > 0)
    if (silent !== undefined && disabled.length === 0) throw new MissingMember(silent.status, 'status')
    return passUnless(
      disabled.map(({ name, status: { causes = [] } }) => {
        return `Interface: ${name} - Error disabled${causes.length === 0 ? '' : ` - Causes: ${causes.join(', ')}`}`
      }),
    )
  },
})
