import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { aboveThreshold } from '../../finding/above-threshold.ts'
import { integer } from '../../input/numbers.ts'

/** The cards of the chassis are initialised, and its fabric raises no more interrupts than it may. */
export const verifyChassisHealth = defineVerify({
  name: 'VerifyChassisHealth',
  summary: 'Verifies the health of the components of a chassis (7280R, 7500R, 7700R and 7800R series).',
  docs: 'Passes when all line and fabric cards are initialized and no fabric card has more interrupts than given.',
  example: { max_fabric_interrupts: 0 },
  input: () =>
    z.strictObject({
      max_fabric_interrupts: integer().default(0).describe('How many interrupts of a fabric card are accepted.'),
    }),
  commands: () => [{ cmd: 'show platform sand health', revision: 1 }],
  answers: () => [
    z.object({
      linecardsNotInitialized: z.record(z.string(), z.unknown()),
      fabricCardsNotInitialized: z.record(z.string(), z.unknown()),
      fabricInterruptOccurrences: z.record(z.string(), told({ count: z.number() })),
    }),
  ],
  judge: (
    { max_fabric_interrupts: limit },
    [{ linecardsNotInitialized, fabricCardsNotInitialized, fabricInterruptOccurrences }],
  ) =>
    passUnless([
      ...Object.keys(linecardsNotInitialized).map((card) => `Linecard: ${card} - Not initialized`),
      ...Object.keys(fabricCardsNotInitialized).map((card) => `Fabric card: ${card} - Not initialized`),
      ...Object.entries(fabricInterruptOccurrences).flatMap(([card, { count }]) =>
        aboveThreshold(`Fabric: ${card} - Fabric interrupts`, limit, count),
      ),
    ]),
})
