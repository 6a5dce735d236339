import { EosflowError } from '../model/error.ts'
import type { NeighborPort } from '../task/context.ts'
import type { SharedLooks } from '../task/shared-looks.ts'
import type { TaskState } from '../workflow/machine.ts'
import type { Ledger } from './ledger.ts'
import type { ChangePorts } from './ports.ts'

/** The switches around those that change, as one state's task may read them: as the policy lets that state read any switch. */
export function neighborPort(
  { inventory = [], authority }: Pick<ChangePorts, 'inventory' | 'authority'>,
  ledger: Ledger,
  { look, config }: SharedLooks,
  state: TaskState | undefined,
): NeighborPort {
  const names = new Map(inventory.map((name) => [systemName(name), name]))
  return {
    named: (heard) => names.get(systemName(heard)),
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

  async function denialOf(device: string): Promise<EosflowError | undefined> {
    if (state === undefined) return new EosflowError('not-authorised', `${device}: nobody has asked for it`, { device })
    const ruling = await authority?.decide({ state, devices: [device] }, ledger.state)
    return ruling?.effect === 'deny' ? ruling.error : undefined
  }
}

/** LLDP says host names, often with a domain; so may an inventory. */
function systemName(name: string): string {
  return name.replace(/\..*$/, '').toLowerCase()
}
