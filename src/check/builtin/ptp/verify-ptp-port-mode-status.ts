import { passUnless } from '../../../model/verdict.ts'
import { ptpAnswer, SHOW_PTP } from '../../answer/show-ptp.ts'
import { defineVerify } from '../../define-verify.ts'

const VALID = new Set(['psMaster', 'psSlave', 'psPassive', 'psDisabled'])

/** Every interface with PTP is master, slave, passive or disabled. */
export const verifyPtpPortModeStatus = defineVerify({
  name: 'VerifyPtpPortModeStatus',
  summary: 'Verifies that every interface with PTP is in the state master, slave, passive or disabled.',
  docs: 'Passes when all interfaces with PTP are in one of these states. Fails where no interface has PTP.',
  commands: () => [SHOW_PTP],
  answers: () => [ptpAnswer()],
  judge: (_input, [{ ptpIntfSummaries = {} }]) => {
    const interfaces = Object.entries(ptpIntfSummaries)
    if (interfaces.length === 0) return passUnless(['No interfaces are PTP enabled'])
    const invalid = interfaces.filter(
      ([, { ptpIntfVlanSummaries: ports }]) =>
        ports.length === 0 || ports.some(({ portState = '' }) => !VALID.has(portState)),
    )
    return passUnless(
      invalid.length === 0
        ? []
        : [`The following interface(s) are not in a valid PTP state: ${invalid.map(([name]) => name).join(', ')}`],
    )
  },
})
