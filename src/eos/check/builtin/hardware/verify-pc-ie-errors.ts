import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { aboveThreshold } from '../../finding/above-threshold.ts'
import { withAliases } from '../../input/aliases.ts'
import { integer } from '../../input/numbers.ts'

/** The counters of a PCIe device: the input, the counter of EOS, and what messages call it. */
const COUNTERS = [
  { input: 'correctable_errors', counter: 'correctableErrors', title: 'Correctable errors' },
  { input: 'non_fatal_errors', counter: 'nonFatalErrors', title: 'Non-fatal errors' },
  { input: 'fatal_errors', counter: 'fatalErrors', title: 'Fatal errors' },
] as const

const thresholds = once(() =>
  withAliases(
    Object.fromEntries(COUNTERS.map(({ input, counter }) => [counter, input])),
    z.strictObject({
      correctable_errors: integer().default(0).describe('Threshold of correctable errors.'),
      non_fatal_errors: integer().default(0).describe('Threshold of non-fatal errors.'),
      fatal_errors: integer().default(0).describe('Threshold of fatal errors.'),
    }),
  ),
)

/** No PCIe device of the switch counts more errors than it may. */
export const verifyPcIeErrors = defineVerify({
  name: 'VerifyPCIeErrors',
  summary: 'Verifies the error counters of the PCIe devices.',
  docs: 'Passes when no device counts more correctable, non-fatal or fatal errors than its threshold. Fails where there is no device.',
  example: { thresholds: { correctable_errors: 10_000, non_fatal_errors: 30, fatal_errors: 30 } },
  input: () =>
    z.strictObject({
      thresholds: thresholds()
        .default({ correctable_errors: 0, non_fatal_errors: 0, fatal_errors: 0 })
        .describe('How many errors of each kind are accepted.'),
    }),
  commands: () => [{ cmd: 'show pci', revision: 1 }],
  answers: () => [
    z.object({
      pciIds: z.record(
        z.string(),
        told({
          name: z.string(),
          correctableErrors: z.number(),
          nonFatalErrors: z.number(),
          fatalErrors: z.number(),
        }),
      ),
    }),
  ],
  judge: ({ thresholds: limits }, [{ pciIds }]) => {
    const devices = Object.entries(pciIds)
    if (devices.length === 0) return { status: 'error', reason: 'the answer has no PCIe device' }
    return passUnless(
      devices.flatMap(([id, device]) =>
        COUNTERS.flatMap(({ input, counter, title }) =>
          device[counter] <= limits[input]
            ? []
            : aboveThreshold(`PCI Name: ${device.name} PCI ID: ${id} - ${title}`, limits[input], device[counter]),
        ),
      ),
    )
  },
})
