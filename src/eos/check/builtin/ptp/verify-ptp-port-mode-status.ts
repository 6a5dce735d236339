import { passUnless } from '../../../../model/verdict.ts'
import { ptpAnswer, SHOW_PTP } from '../../answer/show-ptp.ts'
import { MissingMember, needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'

const VALID = new Set(['psMaster', 'psSlave', 'psPassive', 'psDisabled'])

/** Every interface with PTP is master, slave, passive or disabled. */
export const verifyPtpPortModeStatus = defineVerify({
  name: 'VerifyPtpPortModeStatus',
  summary: 'Verifies that every interface with PTP is in the state master, slave, passive or disabled.',
  docs: 'Passes when all interfaces with PTP are in one of these states. Fails where no interface has PTP.',
  commands: () => [SHOW_PTP],
  answers: () => [ptpAnswer()],
  judge: (_input, [answer]) => {
    const interfaces = Object.entries(needed(answer, 'ptpIntfSummaries'))
    if (interfaces.length === 0) return passUnless(['No interfaces are PTP enabled'])
    const ports = interfaces.flatMap(([name, { ptpIntfVlanSummaries }]) =>
      ptpIntfVlanSummaries.map(({ portState }) => ({ name, portState })),
    )
    const silent = interfaces.find(([, { ptpIntfVlanSummaries }]) => ptpIntfVlanSummaries.length === 0)
    const invalid = ports.filter(({ portState }) => !VALID.has(portState)).map(({ name }) => name)
    if (invalid.length === 0 && silent !== undefined) throw new MissingMember(silent[1], 'ptpIntfVlanSummaries.0')
    return passUnless(
      invalid.length === 0 ? [] : [`The following interface(s) are not in a valid PTP state: ${invalid.join(', ')}`],
    )
  },
})
