import { EosflowError } from '../../model/error.ts'
import type { NeighborPort } from '../task/act/context.ts'
import type { SharedLooks } from '../task/act/shared-looks.ts'
import { READING, type TaskState } from '../workflow/machine/machine.ts'
import type { Ledger } from './ledger.ts'
import type { Authority } from './ports.ts'

export function neighborPort(
  { named, authority }: Pick<NeighborPort, 'named'> & { readonly authority?: Authority | undefined },
  ledger: Ledger,
  { look, config }: SharedLooks,
  state: TaskState | undefined,
): NeighborPort {
  return {
    named,
    look,
    config,
    denied: async (devices) => {
      const denied = new Map<string, EosflowError>()
      if (authority === undefined) return denied
      for (const device of devices) {
        const error = await denialOf(device)
        if (error !== undefined) denied.set(device, error)
      }
      return denied
    },
  }

  async function denialOf(device: string) {
    if (state === undefined) return new EosflowError('not-authorised', `${device}: nobody has asked for it`, { device })
    const ruling = await authority?.({ state: { ...state, ...READING }, devices: [device] }, ledger.state)
    return ruling?.effect === 'deny' ? ruling.error : undefined
  }
}

export function namesIn(inventory: readonly string[]): (heard: string) => string | undefined {
  const whole = new Map(inventory.map((name) => [name.toLowerCase(), name]))
  const short = new Map<string, string[]>()
  for (const name of inventory) short.set(hostName(name), [...(short.get(hostName(name)) ?? []), name])
  return (heard) => {
    const exact = whole.get(heard.toLowerCase())
    if (exact !== undefined) return exact
    const [found, another] = short.get(hostName(heard)) ?? []
    return another === undefined ? found : undefined
  }
}

function hostName(name: string) {
  return name.replace(/\..*$/, '').toLowerCase()
}
