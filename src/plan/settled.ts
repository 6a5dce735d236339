import { EosflowError } from '../model/error.ts'
import type { SettledDevice } from '../task/context.ts'
import { compare } from './comparison.ts'
import type { Plan, PlannedDevice } from './plan.ts'
import { sealDiff, sealRunning } from './seal.ts'

/** The plan's word on one switch. Throws `bug` for a switch that is not in it. */
export function plannedOf(plan: Plan, name: string): PlannedDevice {
  const device = plan.content.devices.find((one) => one.name === name)
  if (device === undefined) throw new EosflowError('bug', `${name} is not in the plan`)
  return device
}

/** What a task compares a switch with. */
export function settledDevice(plan: Plan, name: string, key: string): SettledDevice {
  const device = plannedOf(plan, name)
  return {
    identity: device.identity,
    timerSeconds: plan.content.timers.confirmWithin,
    startupEqualsRunning: device.base.startupEqualsRunning,
    requireBase: (running) => {
      if (sealRunning(key, running) === device.base.running) return
      throw new EosflowError('stale', `${name}: running-config has changed since the plan was made`, {
        device: name,
        hint: 'Plan again and have the new plan approved.',
      })
    },
    requireDiff: (running, candidate) => {
      if (sealDiff(key, compare(running, candidate).lines) === device.diffHmac) return
      throw new EosflowError('stale', `${name}: the switch would make another change than the approved one`, {
        device: name,
        hint: 'Plan again and have the new plan approved.',
      })
    },
  }
}
