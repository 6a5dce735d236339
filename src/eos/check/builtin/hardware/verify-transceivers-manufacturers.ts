import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_INVENTORY } from '../../answer/show-inventory.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Every transceiver is of an approved manufacturer. */
export const verifyTransceiversManufacturers = defineVerify({
  name: 'VerifyTransceiversManufacturers',
  summary: 'Verifies that all transceivers are of approved manufacturers.',
  docs: 'Passes when the manufacturer of each transceiver is one of the given ones. Ports without a transceiver fail unless `allow_not_present` is true.',
  example: { manufacturers: ['Arista Networks', 'Arastra, Inc.'], allow_not_present: true },
  input: () =>
    z.strictObject({
      manufacturers: z.array(z.string()).describe('Approved manufacturers.'),
      allow_not_present: z.boolean().default(false).describe('Whether ports may have no transceiver.'),
    }),
  commands: () => [SHOW_INVENTORY],
  answers: () => [z.object({ xcvrSlots: z.record(z.string(), told({ mfgName: z.string() })) })],
  judge: ({ manufacturers, allow_not_present }, [{ xcvrSlots }]) =>
    passUnless(
      Object.entries(xcvrSlots).flatMap(([port, { mfgName }]) => {
        if (allow_not_present && mfgName === 'Not Present') return []
        if (mfgName !== '' && manufacturers.includes(mfgName)) return []
        return [
          mfgName === ''
            ? `Port: ${port} - Manufacturer name is not available - This may indicate an unsupported or faulty transceiver`
            : `Port: ${port} - Transceiver is from unapproved manufacturers - Expected: ${manufacturers.join(', ')} Actual: ${mfgName}`,
        ]
      }),
    ),
})
