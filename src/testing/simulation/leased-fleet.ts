import type { Device } from '../../device/device.ts'
import type { Fleet } from '../../device/transport.ts'
import type { Leases } from '../../journal/lease.ts'

/** As the command line has it: nothing that changes a switch is sent by an execution that no longer holds its lease. */
export function leasedFleet(fleet: Fleet, leases: Pick<Leases, 'requireLease'>, execution: string): Fleet {
  const leased = (device: Device): Device => {
    const held = async <T>(send: () => Promise<T>): Promise<T> => {
      leases.requireLease(execution, device.name)
      return send()
    }
    return {
      name: device.name,
      look: (commands) => device.look(commands),
      print: (commands) => device.print(commands),
      readConfig: () => device.readConfig(),
      stage: (request) => held(() => device.stage(request)),
      arm: (session, seconds) => held(() => device.arm(session, seconds)),
      confirm: (session) => held(() => device.confirm(session)),
      abort: (session) => device.abort(session),
      save: () => held(() => device.save()),
      restore: (checkpoint) => held(() => device.restore(checkpoint)),
      close: () => device.close(),
    }
  }
  return {
    device: async (name) => leased(await fleet.device(name)),
    renew: async (name) => leased(await fleet.renew(name)),
    close: () => fleet.close(),
  }
}
