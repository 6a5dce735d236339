import { readFileSync } from 'node:fs'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import type { DeviceTarget } from '../../../src/device/transport.ts'
import { type AskFence, noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import { switchMetrics } from '../../../src/server/metrics/switch-metrics.ts'
import { systemClock } from '../../../src/system/system-clock.ts'
import { anyTransport } from '../../../src/transport/any-transport.ts'
import { eapiTransport } from '../../../src/transport/eapi/eapi-transport.ts'
import { sshTransport } from '../../../src/transport/ssh/ssh-transport.ts'
import { startFabric } from '../../../src/trial/start-fabric.ts'
import { slowProxy } from '../../transport/slow-proxy.ts'

const CONFIG = readFileSync(new URL('../../../fixtures/dc1/leaf1/running-config', import.meta.url), 'utf8')

test.each(['eapi', 'ssh'] as const)(
  'over %s the metric of a switch that is 200 ms away says so, and nothing of the time of eosflow',
  { tags: ['long', 'turn'] },
  async (over) => {
    const registry = new Registry()
    const meter = switchMetrics({ registry, clock: systemClock, perSwitch: true })
    const transport = anyTransport({ eapi: eapiTransport({ meter }), ssh: sshTransport({ clock: systemClock, meter }) })
    const fabric = await startFabric({ config: CONFIG, eos: '4.32.2F', name: 'leaf1' })
    const { http, ssh, username, password } = fabric.device('leaf1')
    const slow: AskFence = async () => {
      await systemClock.sleep(700)
      return noFence()
    }
    for (const [name, late] of [
      ['far', 200],
      ['near', 0],
    ] as const) {
      const proxy = await slowProxy(over === 'eapi' ? http : ssh, late)
      const at = { name, host: '127.0.0.1', port: proxy.port }
      const target: DeviceTarget =
        over === 'eapi'
          ? { ...at, transport: 'eapi', protocol: 'http', tls: { mode: 'system' } }
          : { ...at, transport: 'ssh', hostKey: { mode: 'pin', fingerprint: ssh.hostKey } }
      const device = await transport.connect(target, { username, password: new Secret(password) }, slow)
      onTestFinished(async () => {
        await device.close()
        await proxy.close()
      })
      await device.restore('no-such-checkpoint').catch(() => undefined)
    }
    onTestFinished(() => fabric.close())
    const text = await registry.metrics()
    const sum = (metric: string, name: string) =>
      Number(
        text
          .split('\n')
          .find(
            (line) =>
              line.startsWith(`${metric}_sum{`) && line.includes('op="restore"') && line.includes(`switch="${name}"`),
          )
          ?.split(' ')
          .at(-1),
      )
    expect(sum('eosflow_switch_first_byte_seconds', 'far')).toBeGreaterThanOrEqual(0.195)
    expect(sum('eosflow_switch_first_byte_seconds', 'near')).toBeLessThan(
      sum('eosflow_switch_first_byte_seconds', 'far'),
    )
    // The fence took 0.7 s, and over SSH the line that proves the end takes its own way.
    expect(sum('eosflow_switch_request_duration_seconds', 'near')).toBeLessThan(0.6)
    expect(sum('eosflow_switch_request_duration_seconds', 'far')).toBeGreaterThanOrEqual(over === 'eapi' ? 0.195 : 0.39)
  },
)
