import { onTestFinished } from 'vitest'
import type { Device, DeviceTarget } from '../../../src/eos/device/device.ts'
import type { Meter } from '../../../src/eos/device/meter.ts'
import { eapiTransport } from '../../../src/eos/transport/eapi/eapi-transport.ts'
import { sshTransport } from '../../../src/eos/transport/ssh/ssh-transport.ts'
import type { RunningDevice } from '../../../src/lab/trial/start-fabric.ts'
import { type AskFence, noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'

export const TRANSPORTS = ['eapi', 'ssh'] as const

/** One of the transports. */
export type Over = (typeof TRANSPORTS)[number]

/** A port of this machine, as the place of the switch `leaf1`. */
export function leaf1At(over: Over, port: number, fingerprint = 'SHA256:x'): DeviceTarget {
  const at = { name: 'leaf1', host: '127.0.0.1', port }
  return over === 'eapi'
    ? { ...at, transport: 'eapi', protocol: 'http', tls: { mode: 'system' } }
    : { ...at, transport: 'ssh', hostKey: { mode: 'pin', fingerprint } }
}

/** A connection to a simulated switch, by the name of `leaf1`; it ends with the test. `port`: of what stands before the switch. */
export async function deviceOver(
  over: Over,
  { http, ssh, username, password }: RunningDevice,
  options: { announce?: string; meter?: Meter; fence?: AskFence; port?: number } = {},
): Promise<Device> {
  const { fence = noFence, port = over === 'eapi' ? http.port : ssh.port, ...more } = options
  const transport = over === 'eapi' ? eapiTransport(more) : sshTransport({ clock: systemClock, ...more })
  const credential = { username, password: new Secret(password) }
  const device = await transport.connect(leaf1At(over, port, ssh.hostKey), credential, fence)
  onTestFinished(() => device.close())
  return device
}
