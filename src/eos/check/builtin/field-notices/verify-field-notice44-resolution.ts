import { passUnless } from '../../../../model/verdict.ts'
import { modelWithoutVariant, SHOW_VERSION_DETAIL, versionDetailAnswer } from '../../answer/show-version-detail.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The switches that field notice 44 concerns, as far as is known here: the list was not compared with the notice (docs/unproven.md). */
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

/** The first release of each train of Aboot that has the fix: 4.0.7, 4.1.1, 6.0.9, 6.1.7. */
const FIXED_IN: ReadonlyMap<string, number> = new Map([
  ['4.0', 7],
  ['4.1', 1],
  ['6.0', 9],
  ['6.1', 7],
])

/** Aboot is of a version that has the fix of Arista's field notice 44. */
export const verifyFieldNotice44Resolution = defineVerify({
  name: 'VerifyFieldNotice44Resolution',
  summary: 'Verifies that the switch has an Aboot version with the fix of field notice 44.',
  docs:
    'Passes when Aboot is at least 4.0.7, 4.1.1, 6.0.9 or 6.1.7 in its train. Skipped on models that the notice does ' +
    'not concern. Reference: https://www.arista.com/en/support/advisories-notices/field-notice/8756-field-notice-44',
  commands: () => [SHOW_VERSION_DETAIL],
  answers: () => [versionDetailAnswer()],
  judge: (_input, [answer]) => {
    if (!MODELS.has(modelWithoutVariant(answer.modelName))) {
      return { status: 'skip', reason: 'Device is not impacted by FN044' }
    }
    const aboot = answer.details.components.find(({ name }) => name === 'Aboot')
    if (aboot === undefined) return passUnless(['Aboot component not found'])
    const [, version, train = '', release] = /^[^-]*-[^-]*-((\d+\.\d+)\.(\d+))/.exec(aboot.version) ?? []
    if (version === undefined) return { status: 'error', reason: `Aboot version is not known: ${aboot.version}` }
    const isFixed = Number(release) >= (FIXED_IN.get(train) ?? 0)
    return passUnless(isFixed ? [] : [`Device is running incorrect version of aboot ${version}`])
  },
})
