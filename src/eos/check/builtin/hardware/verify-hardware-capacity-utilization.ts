import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { printedFloat } from '../../answer/printed-number.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { percent } from '../../input/numbers.ts'

const table = once(() =>
  told({
    table: z.string(),
    feature: z.string(),
    chip: z.string(),
    usedPercent: z.number(),
  }),
)

type Table = z.output<ReturnType<typeof table>>

/** The limit where a catalog gives none. ANTA prints it as its documentation writes it, and a given one as a float. */
const USUAL = 90

/** No table of the hardware is nearly full. */
export const verifyHardwareCapacityUtilization = defineVerify({
  name: 'VerifyHardwareCapacityUtilization',
  summary: 'Verifies the utilization of the hardware tables.',
  docs: 'Passes when no table is used to the threshold or above. Only tables with an alert threshold are judged, unless `strict_mode` is true; some features fill their table by design.',
  example: { capacity_utilization_threshold: 90, strict_mode: true },
  input: () =>
    z.strictObject({
      capacity_utilization_threshold: percent()
        .optional()
        .describe(`How much of a table may be used, in per cent. Default ${USUAL}.`),
      strict_mode: z.boolean().default(false).describe('Whether to judge tables without an alert threshold too.'),
    }),
  commands: ({ capacity_utilization_threshold: limit = USUAL }) => [
    { cmd: 'show hardware capacity alert threshold', revision: 1 },
    { cmd: `show hardware capacity utilization percent exceed ${Math.floor(limit)}`, revision: 1 },
  ],
  answers: () => [told({ thresholds: z.record(z.string(), z.unknown()) }), z.object({ tables: z.array(table()) })],
  judge: ({ capacity_utilization_threshold: given, strict_mode }, [alerts, { tables }]) => {
    if (tables.length === 0) return passUnless([])
    const printed = given === undefined ? String(USUAL) : printedFloat(given)
    return passUnless(
      tables
        // The switch gives only tables that are above the limit.
        .filter((one) => strict_mode || Object.hasOwn(alerts.thresholds, alertName(one)))
        .map(
          (one) => `${subjectOf(one)} - Capacity above threshold - Expected: < ${printed}% Actual: ${one.usedPercent}%`,
        ),
    )
  },
})

/** What an alert threshold calls the table: `InLIF`, and with its feature `InLIF-PortDefault`. */
function alertName({ table: name, feature }: Table): string {
  return feature === '' ? name : `${name}-${feature}`
}

function subjectOf({ table: name, chip, feature }: Table): string {
  return [
    `Table: ${name}`,
    ...(chip === '' ? [] : [`Chip: ${chip}`]),
    ...(feature === '' ? [] : [`Feature: ${feature}`]),
  ].join(' ')
}
