import { EosflowError } from '../model/error.ts'
import type { Device } from './device.ts'
import type { Credential, DeviceTarget, Fleet, Transport } from './transport.ts'

/** Gives the credential of a switch at the moment it is needed. */
export type CredentialOf = (device: string) => Promise<Credential>

/** A {@link Fleet} over one transport: connections are opened when first asked for and kept until renewed. */
export function fleetOf(targets: readonly DeviceTarget[], transport: Transport, credentialOf: CredentialOf): Fleet {
  const byName = new Map(targets.map((target) => [target.name, target]))
  const open = new Map<string, Promise<Device>>()

  const connect = async (name: string): Promise<Device> => {
    const target = byName.get(name)
    if (target === undefined) throw new EosflowError('bug', `no such switch in this execution: ${name}`)
    return transport.connect(target, await credentialOf(name))
  }
  const device = (name: string): Promise<Device> => {
    const held = open.get(name)
    if (held !== undefined) return held
    const made = connect(name)
    open.set(name, made)
    made.catch(() => open.delete(name))
    return made
  }
  const drop = async (name: string): Promise<void> => {
    const held = open.get(name)
    open.delete(name)
    await held?.then(
      (connection) => connection.close(),
      () => undefined,
    )
  }
  return {
    device,
    renew: async (name) => {
      await drop(name)
      return device(name)
    },
    close: async () => {
      await Promise.all([...open.keys()].map(drop))
    },
  }
}
