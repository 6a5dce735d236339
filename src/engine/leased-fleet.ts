import type { Device } from '../device/device.ts'
import type { Fleet } from '../device/transport.ts'
import type { Leases } from '../journal/lease.ts'

/**
 * The switches of an execution, each of whose writes is sent only while the execution holds the switch's lease: the journal has
 * asked before, but this process may have stood still since.
 */
export function leasedFleet(fleet: Fleet, leases: Pick<Leases, 'requireLease'>, execution: string): Fleet {
  const leased = (device: Device): Device => leasedDevice(device, () => leases.requireLease(execution, device.name))
  return {
    device: async (name) => leased(await fleet.device(name)),
    renew: async (name) => leased(await fleet.renew(name)),
    logInAnew: async (name) => {
      const login = await fleet.logInAnew(name)
      return { ...login, device: leased(login.device) }
    },
    user: (name) => fleet.user(name),
    as: (role) => leasedFleet(fleet.as(role), leases, execution),
    apart: () => leasedFleet(fleet.apart(), leases, execution),
    requireLogin: (name, milliseconds) => fleet.requireLogin(name, milliseconds),
    close: () => fleet.close(),
  }
}

function leasedDevice(device: Device, require: () => Promise<void>): Device {
  const first = <A extends readonly unknown[], T>(send: (...given: A) => Promise<T>): ((...given: A) => Promise<T>) => {
    return async (...given) => {
      await require()
      return send(...given)
    }
  }
  return {
    name: device.name,
    ...(device.patience === undefined ? {} : { patience: device.patience }),
    look: (commands) => device.look(commands),
    print: (commands) => device.print(commands),
    readConfig: () => device.readConfig(),
    stage: first((request) => device.stage(request)),
    replay: first((session, checkpoint) => device.replay(session, checkpoint)),
    arm: first((session, seconds, under?: 'lock') => device.arm(session, seconds, under)),
    confirm: first((session) => device.confirm(session)),
    abort: (session) => device.abort(session),
    save: first(() => device.save()),
    restore: first((checkpoint) => device.restore(checkpoint)),
    boot: first((lines) => device.boot(lines)),
    removeCheckpoints: first((checkpoints) => device.removeCheckpoints(checkpoints)),
    close: () => device.close(),
  }
}
