import { passUnless, type Verdict } from '../../../../model/verdict.ts'
import { modelWithoutVariant, SHOW_VERSION_DETAIL, versionDetailAnswer } from '../../answer/show-version-detail.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The last week of production, as year and week, that is exposed: by model, then by the plant that a serial number begins with. */
const EXPOSED: ReadonlyMap<string, Readonly<Record<string, number>>> = new Map([
  ['DCS-7280SR3-48YC8', { JPE: 2130, JAS: 2040 }],
  ['DCS-7280SR3K-48YC8', { JPE: 2133, JAS: 2040 }],
])

/** The first version of the voltage regulator's firmware that has the fix. */
const FIXED_IN = 7

/** The switch is not exposed to Arista's field notice 72, or the fault has been mitigated. */
export const verifyFieldNotice72Resolution = defineVerify({
  name: 'VerifyFieldNotice72Resolution',
  summary: 'Verifies that, if the switch is exposed to field notice 72, the fault has been mitigated.',
  docs:
    'Passes when the component FixedSystemvrm1 is of version 7 or later. Skipped on models and serial numbers that the ' +
    'notice does not concern. Reference: https://www.arista.com/en/support/advisories-notices/field-notice/17410-field-notice-0072',
  commands: () => [SHOW_VERSION_DETAIL],
  answers: () => [versionDetailAnswer()],
  judge: (_input, [answer]) => {
    const plants = EXPOSED.get(modelWithoutVariant(answer.modelName))
    if (plants === undefined) return { status: 'skip', reason: 'Platform is not impacted by FN072' }
    const { serialNumber } = answer
    const week = wholeNumber(serialNumber.slice(3, 7))
    if (week === undefined)
      return { status: 'error', reason: `Serial number has no week of production: ${serialNumber}` }
    const itsPlants = Object.keys(plants).filter((one) => serialNumber.includes(one))
    if (itsPlants.length === 0 || itsPlants.some((one) => week > (plants[one] ?? 0))) {
      return { status: 'skip', reason: 'Device not exposed' }
    }
    return mitigated(answer.details.components.find(({ name }) => name === 'FixedSystemvrm1')?.version)
  },
})

function mitigated(version: string | undefined): Verdict {
  if (version === undefined) {
    return passUnless(["Error in running test - Component FixedSystemvrm1 not found in 'show version'"])
  }
  const number = wholeNumber(version)
  if (number === undefined) return { status: 'error', reason: `Version of FixedSystemvrm1 is no number: ${version}` }
  return passUnless(number >= FIXED_IN ? [] : ['Device is exposed to FN72'], ['FN72 is mitigated'])
}

function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined
}
