import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'
import { mismatch } from '../../mismatch.ts'
import { once } from '../../once.ts'

const modules = once(() =>
  z.record(z.string(), z.object({ status: z.string().default('Not found'), modelName: z.string().default('unknown') })),
)

const power = once(() =>
  z.record(
    z.string(),
    z.object({ risers: z.record(z.string(), z.object({ powerGood: z.boolean().default(false) })).default({}) }),
  ),
)

const STATUSES = [
  'failed',
  'disabledUntilSystemUpgrade',
  'ok',
  'poweredOff',
  'active',
  'disabled',
  'upgradingFpga',
  'poweringOn',
  'unknown',
  'standby',
] as const

type Modules = z.output<ReturnType<typeof modules>>
type Power = z.output<ReturnType<typeof power>>

/** The slots of the supervisors and what messages call the mode. */
const MODES = {
  single: { title: 'Single-Supervisor Mode', slots: ['1'] },
  dual: { title: 'Dual-Supervisor Mode', slots: ['1', '2'] },
} as const

/** The modules of a chassis are in their expected states, and their power is stable. */
export const verifyModuleStatus = defineVerify({
  name: 'VerifyModuleStatus',
  summary: 'Verifies the status and the power of all modules of a modular chassis.',
  docs: 'Passes when one supervisor is active (and with two, the other standby), every other module is in an accepted status, and all risers report good power.',
  example: { module_statuses: ['ok', 'poweredOff'], supervisor_mode: 'single' },
  input: () =>
    z.strictObject({
      module_statuses: z
        .array(z.enum(STATUSES))
        .default(['ok'])
        .describe('Accepted statuses of modules that are no supervisors.'),
      supervisor_mode: z.enum(['single', 'dual']).default('dual').describe('How many supervisors the chassis has.'),
    }),
  commands: () => [
    { cmd: 'show module', revision: 1 },
    { cmd: 'show module power', revision: 1 },
  ],
  answers: () => [z.object({ modules: modules() }), z.object({ modules: power() })],
  judge: ({ module_statuses, supervisor_mode }, [{ modules: told }, { modules: powered }]) => {
    const { title, slots } = MODES[supervisor_mode]
    const others = Object.entries(told).filter(([name]) => !slots.some((slot) => slot === name))
    return passUnless(
      [
        ...(supervisor_mode === 'single' ? singleFaults(told) : dualFaults(told)),
        ...others.flatMap(([name, { status, modelName }]) =>
          module_statuses.some((accepted) => accepted === status)
            ? []
            : [
                `Module: ${name} Model: ${modelName} - Invalid status - Expected: ${module_statuses.join(', ')} Actual: ${status}`,
              ],
        ),
        ...powerFaults(powered),
      ].map((fault) => `${title} - ${fault}`),
    )
  },
})

function singleFaults({ 1: supervisor }: Modules): readonly string[] {
  if (supervisor === undefined) return ['Active supervisor is missing']
  return mismatch('Incorrect status', 'active', supervisor.status)
}

function dualFaults({ 1: first, 2: second }: Modules): readonly string[] {
  if (first === undefined || second === undefined) return ['Active/standby supervisor is missing']
  const statuses = [first.status, second.status]
  return statuses.includes('active') && statuses.includes('standby')
    ? []
    : [`Incorrect statuses - Expected: active/standby Actual: ${statuses.join('/')}`]
}

function powerFaults(powered: Power): readonly string[] {
  return Object.entries(powered).flatMap(([name, { risers }]) =>
    Object.entries(risers).flatMap(([riser, { powerGood }]) =>
      powerGood ? [] : [`Module: ${name} Riser ${riser} - Power is not stable`],
    ),
  )
}
