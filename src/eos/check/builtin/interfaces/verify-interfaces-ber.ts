import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { byName } from '../../answer/by-name.ts'
import { interfacesDescriptionAnswer, SHOW_INTERFACES_DESCRIPTION } from '../../answer/show-interfaces-description.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { ethernetSelection, judgeFound } from '../../input/interface-selection.ts'
import { decimal } from '../../input/numbers.ts'
import { describedInterface } from './described-interface.ts'

const phy = once(() => {
  const counter = z.object({ value: z.number().optional() }).optional()
  return z.object({
    preFecBer: counter,
    fec: z.object({ correctedCodewords: counter, uncorrectedCodewords: counter }).optional(),
  })
})

/** Links make few bit errors before correction, and none after it. */
export const verifyInterfacesBer = defineVerify({
  name: 'VerifyInterfacesBER',
  summary: 'Verifies the bit error rate (BER) of interfaces before correction, and that all codewords were corrected.',
  docs: 'Passes when the pre-FEC bit error rate of every PHY of the interfaces looked at is at most the threshold and none has uncorrected codewords. An interface without these details is left out, and fails when it was named.',
  example: { interfaces: ['Ethernet1/1', 'Ethernet2/1'], max_ber_threshold: 0.000_001 },
  input: () =>
    z.strictObject({
      ...ethernetSelection(),
      max_ber_threshold: decimal().default(1e-7).describe('The highest bit error rate before correction.'),
      fail_on_uncorrected_codewords: z
        .boolean()
        .default(true)
        .describe('Whether codewords that could not be corrected are a fault.'),
    }),
  commands: () => [{ cmd: 'show interfaces phy detail', revision: 2 }, SHOW_INTERFACES_DESCRIPTION],
  answers: () => [
    z.object({ interfacePhyStatuses: byName(z.object({ phyStatuses: z.array(phy()).optional() })) }),
    interfacesDescriptionAnswer(),
  ],
  judge: (input, [{ interfacePhyStatuses }, { interfaceDescriptions }]) =>
    judgeFound(input, interfacePhyStatuses, (name, { phyStatuses = [] }) => {
      const measured = phyStatuses.flatMap(({ preFecBer, fec }) => {
        const [ber, corrected, uncorrected] = [
          preFecBer?.value,
          fec?.correctedCodewords?.value,
          fec?.uncorrectedCodewords?.value,
        ]
        return ber === undefined || corrected === undefined || uncorrected === undefined
          ? []
          : [{ ber, corrected, uncorrected }]
      })
      if (measured.length === 0) return undefined
      const subject = describedInterface(name, interfaceDescriptions.get(name)?.description)
      return measured.flatMap(({ ber, corrected, uncorrected }) => [
        ...(input.fail_on_uncorrected_codewords && uncorrected > 0
          ? [`${subject} - Uncorrected FEC codewords detected - Expected: 0 Actual: ${uncorrected}`]
          : []),
        ...(ber <= input.max_ber_threshold
          ? []
          : [
              `${subject} FEC Corrected: ${corrected} FEC Uncorrected: ${uncorrected} - BER above threshold - Expected: <= ${scientific(input.max_ber_threshold)} Actual: ${scientific(ber)}`,
            ]),
      ])
    }),
})

/** A rate as ANTA prints it: `1.00e-07`. */
function scientific(value: number): string {
  return value.toExponential(2).replace(/e([+-])(\d)$/, 'e$10$2')
}
