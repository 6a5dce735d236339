import { expect, test } from 'vitest'
import { CONFIG, simulate } from '../sim/simulate.ts'

const ROUTER = 'router bgp 65001\n   router-id 192.0.2.1\n!\n'

test('a line that the switch prints in the mode above stays in the mode that has it too', async () => {
  const config = CONFIG.replace(/^router bgp .*\n(?: .*\n)*!\n/m, '').replace(
    'interface Management1',
    `${ROUTER}interface Management1`,
  )
  const { json, text } = simulate(config, { managementOutside: true })
  const typed = [
    'router bgp 65001',
    'vrf A',
    'rd 192.0.2.1:1',
    'router-id 192.0.2.1',
    'exit',
    'vrf B',
    'rd 192.0.2.1:2',
  ]
  expect((await json('configure session a', ...typed, 'commit')).error).toBeUndefined()
  expect(await text('show running-config section bgp')).toMatch(
    /^router bgp 65001\n {3}router-id 192\.0\.2\.1\n(?: {3}!\n)? {3}vrf A\n {6}rd 192\.0\.2\.1:1\n {6}router-id 192\.0\.2\.1\n {3}!\n {3}vrf B\n {6}rd 192\.0\.2\.1:2$/m,
  )
})
