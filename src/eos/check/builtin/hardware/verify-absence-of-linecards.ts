import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_INVENTORY } from '../../answer/show-inventory.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Cards that were taken out of service are not in the chassis. */
export const verifyAbsenceOfLinecards = defineVerify({
  name: 'VerifyAbsenceOfLinecards',
  summary: 'Verifies that the given line cards are not in the inventory of the switch.',
  docs: 'Passes when no card has one of the given serial numbers. For hardware that was decommissioned.',
  example: { serial_numbers: ['VJM24220VJ1', 'VJM24230VJ2'] },
  input: () =>
    z.strictObject({
      serial_numbers: z.array(z.string()).min(1).describe('Serial numbers of cards that must not be in the switch.'),
    }),
  commands: () => [SHOW_INVENTORY],
  answers: () => [z.object({ cardSlots: z.record(z.string(), told({ serialNum: z.string() })) })],
  judge: ({ serial_numbers }, [{ cardSlots }]) => {
    const found = new Set(Object.values(cardSlots).map(({ serialNum }) => serialNum))
    const left = [...new Set(serial_numbers)].filter((one) => found.has(one)).sort()
    return passUnless(left.length === 0 ? [] : [`Decommissioned linecards found in inventory: ${left.join(', ')}`])
  },
})
