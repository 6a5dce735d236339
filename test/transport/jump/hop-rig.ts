import type { Hop } from '../../../src/device/hop.ts'
import type { DeviceTarget } from '../../../src/device/transport.ts'
import { noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import { systemClock } from '../../../src/system/system-clock.ts'
import { anyTransport } from '../../../src/transport/any-transport.ts'
import { eapiTransport } from '../../../src/transport/eapi/eapi-transport.ts'
import { jumpHosts } from '../../../src/transport/jump/jump-hosts.ts'
import { sshTransport } from '../../../src/transport/ssh/ssh-transport.ts'
import { startFabric } from '../../../src/trial/start-fabric.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { BOOT, type Rig } from '../device-contract.ts'

/** What lies between this machine and a switch. */
export interface Way {
  readonly hops: readonly Hop[]
  /** Who logs in to every jump host. */
  readonly user: { readonly username: string; readonly key: string }
  /** Ends the jump hosts. */
  close(): Promise<void>
}

/** A switch of this EOS version behind jump hosts, over eAPI with its certificate proved, or over SSH. */
export async function behindHops(eos: string, over: DeviceTarget['transport'], way: Way): Promise<Rig> {
  const clock = new VirtualClock()
  const fabric = await startFabric({ config: BOOT, eos, name: 'leaf1', clock })
  const simulated = fabric.device('leaf1')
  const { username, key } = way.user
  const jumps = jumpHosts({
    clock: systemClock,
    readKnownHosts: async () => '',
    credentialOf: async () => ({ username, privateKey: new Secret(key) }),
  })
  const wayTo = (device: string) => jumps.wayTo(device, way.hops)
  const transport = anyTransport({
    eapi: eapiTransport({ wayTo, readCa: async () => fabric.ca }),
    ssh: sshTransport({ wayTo, clock: systemClock }),
  })
  const { host, port, hostKey: fingerprint } = simulated.ssh
  const target: DeviceTarget =
    over === 'eapi'
      ? { name: 'leaf1', ...simulated.https, transport: 'eapi', protocol: 'https', tls: { mode: 'ca', file: 'ca.pem' } }
      : { name: 'leaf1', host, port, transport: 'ssh', hostKey: { mode: 'pin', fingerprint } }
  return {
    connect: (password = simulated.password, fence = noFence) =>
      transport.connect(target, { username: simulated.username, password: new Secret(password) }, fence),
    fault: (fault) => fabric.fault({ ...fault, device: 'leaf1' }),
    advance: (seconds) => clock.advance(seconds * 1000),
    counters: () => simulated.counters(),
    close: async () => {
      jumps.close()
      await fabric.close()
      await way.close()
    },
  }
}
