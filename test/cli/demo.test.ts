import { describe, expect, test } from 'vitest'
import { warns } from '../lab/exits.ts'
import { eosflow } from './eosflow.ts'

describe('demo', () => {
  test('confirms a change, rolls a mistake back and proves it, in much less than ninety seconds', {
    tags: 'night',
  }, async () => {
    const begun = performance.now()
    const { stdout } = await warns(
      0,
      eosflow('demo --json'),
      'stableFor: 30s → 2s',
      'The demo approves its own plans, because every switch is simulated.',
      '+ vlan 140\n',
      'succeeded · 4 switches: 4 confirmed',
      'bgp-established: peer 10.0.1.4 in VRF default - expected: Established, actual: ',
      'rolled back · 1 switch: 1 put back',
    )
    expect(performance.now() - begun).toBeLessThan(60_000)
    const { readBack, ...result } = JSON.parse(stdout)
    expect(result).toMatchObject({ version: 1, kind: 'demo', change: 0, saved: true, mistake: 6, exitCode: 0 })
    const equal = { running: true, startup: true, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }
    const names = ['spine1', 'spine2', 'leaf1', 'leaf2', 'leaf3', 'leaf4']
    expect(readBack).toEqual(names.map((name) => ({ name, ...equal })))
  })
})
