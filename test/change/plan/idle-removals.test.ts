import { describe, expect, test } from 'vitest'
import { offlineEvidence } from '../../../src/change/plan/offline.ts'
import { evidenceOf, merge, planOf } from './material.ts'

const RUNNING = `! device: leaf1 (cEOSLab, EOS-4.31.2F)
!
hostname leaf1
!
interface Ethernet1
   no switchport
   ip address 10.1.0.1/31
   ip ospf area 0.0.0.0
!
ip route 10.9.0.0/16 10.1.0.0 200 tag 7 name x
!
end
`
const { identity } = evidenceOf(1, merge())
const offline = (...lines: readonly string[]) =>
  offlineEvidence({ name: 'leaf1', identity, running: RUNNING, startupDiff: '', state: {} }, merge(...lines))

const idleIn = (evidence: ReturnType<typeof offline>) =>
  planOf({}, [evidence]).content.warnings.flatMap(({ code, message }) => (code === 'idle-removal' ? [message] : []))

describe('a removal that takes nothing away', () => {
  test('[3T2] is warned of, with the lines that begin so', () => {
    const { content } = planOf({}, [offline('interface Ethernet1', '   no ip', '   description new')])
    expect(content.warnings.filter(({ code }) => code === 'idle-removal')).toEqual([
      {
        code: 'idle-removal',
        device: 'leaf1',
        message:
          'removes nothing, these lines begin so and stay: interface Ethernet1 > no ip: ip address 10.1.0.1/31, ip ospf area 0.0.0.0',
      },
    ])
  })

  test('is warned of where the plan has nothing else to do', () => {
    expect(planOf({}, [offline('interface Ethernet1', '   no ip')]).content.warnings.map(({ code }) => code)).toContain(
      'idle-removal',
    )
  })

  test('is found where the model would take a line away and the switch keeps it', () => {
    const asked = offline('no ip route 10.9.0.0/16')
    expect(idleIn(asked)).toEqual([])
    const kept = { ...asked, staged: { ...asked.staged, candidate: RUNNING } }
    expect(idleIn(kept)).toEqual([
      'removes nothing, these lines begin so and stay: no ip route 10.9.0.0/16: ip route 10.9.0.0/16 10.1.0.0 200 tag 7 name x',
    ])
  })

  test.each([
    [['no ip route 10.8.0.0/16'], 'of what is not there'],
    [['interface Ethernet1', '   no shutdown', '   no switchport'], 'of what is said so already'],
    [
      ['no ip route 10.9.0.0/16', 'ip route 10.9.0.0/16 10.1.0.0 200 tag 7 name x'],
      'of what the same change brings back',
    ],
  ])('is not one: %s', (lines) => {
    expect(idleIn(offline(...lines))).toEqual([])
  })
})
