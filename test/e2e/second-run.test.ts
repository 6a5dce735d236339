import { expect, test } from 'vitest'
import { exits, openLab, workflowFor } from '../lab/lab.ts'

/** Lines as people type them: each is stored in another form, or not at all. */
const TYPED = [
  'interface Ethernet1',
  '   ip address 10.1.1.1 255.255.255.254',
  '   mtu 1500',
  '   ip ospf area 0',
  'interface loopback7',
  '   ip address 10.7.0.1 255.255.255.255',
  '   no shutdown',
  'router ospf 1',
  '   network 10.1.0.0 0.0.255.255 area 0',
  'ip route 10.9.0.0 255.255.0.0 10.1.1.0 1',
  'logging host 10.0.0.5 514',
  'lldp timer 30',
]
const CHECKED = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'

test('a second run of lines that a switch stores in another form finds nothing to do, as it does on a switch', async () => {
  const lab = openLab({ workflow: workflowFor('leaf1', { lines: TYPED, verify: CHECKED }) })
  await exits(0, lab.change())

  expect((await lab.eosflow('plan workflow.yaml')).out).toContain('0 switches to change, 1 unchanged')
  expect(await lab.eosflow('run workflow.yaml')).toMatchObject({
    code: 0,
    out: expect.stringContaining('nothing to do · 1 switch: 1 unchanged'),
  })
  expect((await lab.eosflow('drift -t leaf1')).out).toContain('1 compared: 0 differ, 1 as confirmed')
})
