import { expect, test } from 'vitest'
import { type Rehearsal, type RehearsedCell, rehearsalAs } from '../../src/report/rehearsal/rehearsal.ts'

const good: RehearsedCell = {
  kind: 'reboot',
  says: 'reboot, 40 s',
  at: { point: 'arm', device: 'leaf1' },
  end: 'BEFORE',
  ok: true,
  outcome: 'rolled-back',
  exit: 6,
  seconds: 61,
  faults: [],
  switches: [{ name: 'leaf1', end: 'BEFORE', said: 'reverted' }],
}
const bad: RehearsedCell = {
  ...good,
  kind: 'crash',
  says: 'killed',
  at: { record: 17, words: 'ActFinished arm leaf1', resumed: 'at once' },
  end: 'IN BETWEEN',
  ok: false,
  faults: ['leaf1 is <IN BETWEEN> & said reverted'],
  switches: [
    {
      name: 'leaf1',
      end: 'IN BETWEEN',
      said: 'reverted',
      difference: { config: 'running-config', from: 'BEFORE', lines: [{ sign: '+', text: 'vlan 20' }] },
    },
  ],
}
const rehearsal: Rehearsal = {
  workflow: 'add-vlan',
  fabric: 'dc1',
  devices: ['leaf1'],
  seed: 1,
  undisturbed: { records: 50, seconds: 30 },
  cells: [good, bad],
}

test('each trial is a case, and a bad end a failure with its switches', () => {
  expect(rehearsalAs.junit(rehearsal)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0" time="122.000" name="eosflow rehearse">
  <testsuite tests="2" failures="1" errors="0" time="122.000" name="add-vlan on dc1">
    <testcase classname="add-vlan.reboot" name="reboot, 40 s at arm of leaf1" time="61.000"/>
    <testcase classname="add-vlan.crash" name="killed behind record 17 (ActFinished arm leaf1), resumed at once" time="61.000">
      <failure message="IN BETWEEN: leaf1 is &lt;IN BETWEEN&gt; &amp; said reverted">outcome rolled-back, exit 6
leaf1: IN BETWEEN, eosflow says put back
  running-config, from BEFORE:
  + vlan 20</failure>
    </testcase>
  </testsuite>
</testsuites>
`)
})
