import { passUnless } from '../../../model/error.ts'
import { modelWithoutVariant, SHOW_VERSION_DETAIL } from '../answer/hardware.ts'
import { defineVerify, type Judgement } from '../define/define-check.ts'

// The switches that field notice 44 concerns, as far as is known here: the list was not compared with the notice (docs/unproven.md).
const MODELS = new Set([
  'DCS-7010T-48',
  'DCS-7010T-48-DC',
  'DCS-7020SR-24C2',
  'DCS-7020SRG-24C2',
  'DCS-7020TR-48',
  'DCS-7020TRA-48',
  'DCS-7050CX3-32S',
  'DCS-7050QX-32S',
  'DCS-7050QX2-32S',
  'DCS-7050SX-64',
  'DCS-7050SX-72',
  'DCS-7050SX-72Q',
  'DCS-7050SX-96',
  'DCS-7050SX2-128',
  'DCS-7050SX2-72Q',
  'DCS-7050SX3-48YC12',
  'DCS-7050TX-48',
  'DCS-7050TX-64',
  'DCS-7050TX-72',
  'DCS-7050TX-72Q',
  'DCS-7050TX-96',
  'DCS-7050TX2-128',
  'DCS-7060CX-32S',
  'DCS-7060CX2-32S',
  'DCS-7060SX2-48YC6',
  'DCS-7150SC-24-CLD',
  'DCS-7150SC-64-CLD',
  'DCS-7160-32CQ',
  'DCS-7160-48TC6',
  'DCS-7160-48YC6',
  'DCS-7280QR-C36',
  'DCS-7280QRA-C36S',
  'DCS-7280SE-64',
  'DCS-7280SE-68',
  'DCS-7280SE-72',
  'DCS-7280SR-48C6',
  'DCS-7280SR2-48YC6',
  'DCS-7280SR2A-48YC6',
  'DCS-7280SR2K-48C6-M',
  'DCS-7280SRA-48C6',
  'DCS-7280SRAM-48C6',
  'DCS-7280SRM-40CX2',
  'DCS-7280TR-48C6',
  'DCS-7280TRA-48C6',
])

// The first release of each train of Aboot that has the fix: 4.0.7, 4.1.1, 6.0.9, 6.1.7.
const ABOOT_FIXED_IN: ReadonlyMap<string, number> = new Map([
  ['4.0', 7],
  ['4.1', 1],
  ['6.0', 9],
  ['6.1', 7],
])

/** Aboot is of a version that has the fix of Arista's field notice 44. */
export const VerifyFieldNotice44Resolution = defineVerify({
  summary: 'Verifies that the switch has an Aboot version with the fix of field notice 44.',
  docs:
    'Passes when Aboot is at least 4.0.7, 4.1.1, 6.0.9 or 6.1.7 in its train. Skipped on models that the notice does ' +
    'not concern. Reference: https://www.arista.com/en/support/advisories-notices/field-notice/8756-field-notice-44',
  asks: SHOW_VERSION_DETAIL,
  judge: (answer) => {
    if (!MODELS.has(modelWithoutVariant(answer.modelName))) {
      return { status: 'skip', reason: 'Device is not impacted by FN044' }
    }
    const aboot = answer.details.components.find(({ name }) => name === 'Aboot')
    if (aboot === undefined) return ['Aboot component not found']
    const [, version, train = '', release] = /^[^-]*-[^-]*-((\d+\.\d+)\.(\d+))/.exec(aboot.version) ?? []
    if (version === undefined) return { status: 'error', reason: `Aboot version is not known: ${aboot.version}` }
    const isFixed = Number(release) >= (ABOOT_FIXED_IN.get(train) ?? 0)
    return isFixed ? [] : [`Device is running incorrect version of aboot ${version}`]
  },
})

const EXPOSED: ReadonlyMap<string, Readonly<Record<string, number>>> = new Map([
  ['DCS-7280SR3-48YC8', { JPE: 2130, JAS: 2040 }],
  ['DCS-7280SR3K-48YC8', { JPE: 2133, JAS: 2040 }],
])

const FPGA_FIXED_IN = 7

/** The switch is not exposed to Arista's field notice 72, or the fault has been mitigated. */
export const VerifyFieldNotice72Resolution = defineVerify({
  summary: 'Verifies that, if the switch is exposed to field notice 72, the fault has been mitigated.',
  docs:
    'Passes when the component FixedSystemvrm1 is of version 7 or later. Skipped on models and serial numbers that the ' +
    'notice does not concern. Reference: https://www.arista.com/en/support/advisories-notices/field-notice/17410-field-notice-0072',
  asks: SHOW_VERSION_DETAIL,
  judge: (answer) => {
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

function mitigated(version: string | undefined): Judgement {
  if (version === undefined) {
    return ["Error in running test - Component FixedSystemvrm1 not found in 'show version'"]
  }
  const number = wholeNumber(version)
  if (number === undefined) return { status: 'error', reason: `Version of FixedSystemvrm1 is no number: ${version}` }
  return passUnless(number >= FPGA_FIXED_IN ? [] : ['Device is exposed to FN72'], ['FN72 is mitigated'])
}

function wholeNumber(text: string) {
  return /^\d+$/.test(text) ? Number(text) : undefined
}
