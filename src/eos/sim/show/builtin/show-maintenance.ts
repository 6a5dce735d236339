import type { JsonObject } from '../../../../model/json.ts'
import { readMaintenance } from '../../converge/read-maintenance.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

/** `show maintenance`: the units and how far each is; without the block of maintenance mode it is disabled (ANTA's cases). */
export const showMaintenance = defineShow({
  words: 'show maintenance',
  docs: 'Units, and whether each is under maintenance or on its way there; the JSON of ANTA.',
  json: (context) => {
    const { units } = readMaintenance(context.running)
    const told = [...units].map(([name, { quiesced }]) => [name, unitJson(context, name, quiesced)] as const)
    return {
      units: Object.fromEntries(told),
      interfaces: {},
      vrfs: {},
      ...(units.size === 0 ? { warnings: ['Maintenance Mode is disabled.'] } : {}),
    }
  },
})

function unitJson(context: ShowContext, name: string, isQuiesced: boolean): JsonObject {
  const turned = context.maintenance?.get(name)
  const isTurning = turned !== undefined && context.now < turned.at + turned.seconds * 1000
  const rates = [...context.state.rates()].flatMap(([port, rate]) => (/^Ethernet[\d/]+$/.test(port) ? [rate] : []))
  const most = readMaintenance(context.running).threshold * 1000
  const isBusy = isQuiesced && rates.some((rate) => rate.in > most || rate.out > most)
  const under = isTurning || isBusy ? 'maintenanceModeEnter' : 'underMaintenance'
  const sum = (way: 'in' | 'out'): number => (isQuiesced ? rates.reduce((total, rate) => total + rate[way], 0) : 0)
  return {
    state: isQuiesced ? under : isTurning ? 'underMaintenance' : 'active',
    adminState: isQuiesced ? 'underMaintenance' : 'active',
    stateChangeTime: turned === undefined ? 0 : turned.at / 1000,
    onBootMaintenance: false,
    intfsViolatingTrafficThreshold: isBusy,
    aggInBpsRate: Math.round(sum('in')),
    aggOutBpsRate: Math.round(sum('out')),
  }
}
