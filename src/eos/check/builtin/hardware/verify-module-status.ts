import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'

const modules = once(() => z.record(z.string(), told({ status: z.string(), modelName: z.string() })))

const power = once(() => z.record(z.string(), told({ risers: z.record(z.string(), told({ powerGood: z.boolean() })) })))

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
    const [missing] = slots.filter((slot) => told[slot] === undefined)
    // Nothing more is said of a chassis whose supervisors are not there.
    if (missing !== undefined) {
      return passUnless([`${title} - ${supervisor_mode === 'single' ? 'Active' : 'Standby'} supervisor is missing`])
    }
    const others = Object.entries(told).filter(([name]) => !slots.some((slot) => slot === name))
    return passUnless(
      [
        ...(supervisor_mode === 'single' ? singleFaults(told) : dualFaults(told)),
        ...others.flatMap(([name, module]) =>
          module_statuses.some((accepted) => accepted === module.status)
            ? []
            : [
                `Module: ${name} Model: ${module.modelName} - Invalid status - Expected: ${module_statuses.join(', ')} Actual: ${module.status}`,
              ],
        ),
        ...powerFaults(powered),
      ].map((fault) => `${title} - ${fault}`),
    )
  },
})

function singleFaults({ 1: supervisor }: Modules): readonly string[] {
  return supervisor === undefined ? [] : mismatch('Incorrect status', 'active', supervisor.status)
}

function dualFaults({ 1: first, 2: second }: Modules): readonly string[] {
  if (first === undefined || second === undefined) return []
  const statuses = [...new Set([first.status, second.status])].sort().join('/')
  return statuses === 'active/standby' ? [] : [`Incorrect statuses - Expected: active/standby Actual: ${statuses}`]
}

function powerFaults(powered: Power): readonly string[] {
  return Object.entries(powered).flatMap(([name, { risers }]) =>
    Object.entries(risers).flatMap(([riser, { powerGood }]) =>
      powerGood ? [] : [`Module: ${name} Riser ${riser} - Power is not stable`],
    ),
  )
}
