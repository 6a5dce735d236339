import { expect, test } from 'vitest'
import type { DeviceTarget } from '../../../../src/eos/device/device.ts'
import { eapiTransport } from '../../../../src/eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../../../src/eos/transport/eapi/exchange.ts'
import { startFabric } from '../../../../src/lab/trial/start-fabric.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { BOOT, deviceContract, fenceContract, ownerContract, type Rig } from '../device-contract.ts'

/** A switch of this EOS version under a virtual clock, reached over loopback HTTP or in memory. */
async function rig(eos: string, over: 'http' | 'memory'): Promise<Rig> {
  const clock = new VirtualClock()
  const fabric = await startFabric({ config: BOOT, eos, name: 'leaf1', clock })
  const simulated = fabric.device('leaf1')
  const target: DeviceTarget = {
    name: 'leaf1',
    ...simulated.http,
    transport: 'eapi',
    protocol: 'http',
    tls: { mode: 'system' },
  }
  const inMemory = eapiTransport({
    openChannel: (_target, { username, password }) =>
      channelOver(
        async (body) =>
          password?.reveal() === simulated.password
            ? simulated.eapi(body)
            : { status: 401, body: 'Unable to authenticate user: Bad username/password combination' },
        username,
      ),
  })
  const transport = over === 'http' ? eapiTransport() : inMemory
  return {
    connect: (password = simulated.password, fence = noFence) =>
      transport.connect(target, { username: simulated.username, password: new Secret(password) }, fence),
    fault: (fault) => fabric.fault({ ...fault, device: 'leaf1' }),
    advance: (seconds) => clock.advance(seconds * 1000),
    counters: () => simulated.counters(),
    close: () => fabric.close(),
  }
}

// The words differ by the version, the sockets do not.
for (const [eos, over] of [
  ['4.31.2F', 'memory'],
  ['4.32.2F', 'http'],
] as const) {
  for (const contract of [deviceContract, fenceContract, ownerContract])
    contract(`eAPI ${over === 'http' ? 'on HTTP' : 'in memory'}, EOS ${eos}`, () => rig(eos, over))
}

test('a full change is seven requests and two connections', async () => {
  const clock = new VirtualClock()
  const fabric = await startFabric({ config: BOOT, eos: '4.32.2F', name: 'leaf1', clock })
  const { http, username, password, counters } = fabric.device('leaf1')
  const target: DeviceTarget = { name: 'leaf1', ...http, transport: 'eapi', protocol: 'http', tls: { mode: 'system' } }
  const connect = () => eapiTransport().connect(target, { username, password: new Secret(password) }, noFence)
  const session = 'eosflow-1a2b3c4d-1'
  const commands = [{ cmd: 'vlan 20' }]
  const planning = await connect()
  await planning.look([{ cmd: 'show vlan' }])
  await planning.stage({ session: 'eosflow-1a2b3c4d-0', mode: 'merge', commands })
  await planning.stage({ session, mode: 'merge', commands, checkpoint: 'eosflow-1a2b3c4d' })
  await planning.arm(session, 600)
  await planning.close()
  const verifying = await connect()
  await verifying.look([{ cmd: 'show vlan' }])
  await verifying.confirm(session)
  await verifying.save()
  await verifying.close()
  expect(counters()).toMatchObject({ requests: 7, connections: 2 })
  await fabric.close()
})
