import { expect, test } from 'vitest'
import { plannedUnsaved, unsavedCount } from '../../../src/change/plan/unsaved-lines.ts'

const RUNNING = `! Command: show running-config
! device: leaf1 (DCS-7280SR3, EOS-4.31.4M)
!
hostname leaf1
!
router bgp 65001
   router-id 10.0.0.1
   neighbor 10.0.1.1 remote-as 65002
   neighbor 10.0.1.1 password 7 0123456789ABCDEF
   !
   vrf PROD
      rd 10.0.0.1:10
      neighbor 10.0.2.1 remote-as 65003
      neighbor 10.0.2.1 shutdown
!
end
`
const DIFF = `--- flash:/startup-config
+++ system:/running-config
@@ -1,3 +1,3 @@
 !
-hostname old
+hostname leaf1
 !
@@ -11,2 +11,3 @@
       neighbor 10.0.2.1 remote-as 65003
+      neighbor 10.0.2.1 shutdown
+!
`
const staged = (startupDiff: string | undefined) => ({
  staged: { running: RUNNING, startupDiff, candidate: RUNNING, diff: '' },
})
const AS_IT_IS = (text: string) => text

test('lines that are not saved are counted without separators and headers', () => {
  expect(unsavedCount(DIFF)).toBe(3)
  expect([unsavedCount(undefined), unsavedCount(''), unsavedCount('\n')]).toEqual([0, 0, 0])
})

test('they are kept in their order under the commands that they stand under', () => {
  expect(plannedUnsaved(staged(DIFF), AS_IT_IS)).toEqual({
    unsaved: {
      count: 3,
      lines: [
        { sign: '-', text: 'hostname old' },
        { sign: '+', text: 'hostname leaf1' },
        { sign: ' ', text: 'router bgp 65001' },
        { sign: ' ', text: '   vrf PROD' },
        { sign: ' ', text: '      neighbor 10.0.2.1 remote-as 65003' },
        { sign: '+', text: '      neighbor 10.0.2.1 shutdown' },
      ],
    },
  })
})

test('what is saved, or not known, is not there', () => {
  expect([staged(''), staged(undefined), staged('\n')].map((one) => plannedUnsaved(one, AS_IT_IS))).toEqual([
    {},
    {},
    {},
  ])
})

test('what a plan may not show is taken out, and of many lines the first are kept', () => {
  const secret = '@@ -1 +1 @@\n+snmp-server community hunter2 ro\n'
  expect(plannedUnsaved(staged(secret), (text) => text.replaceAll('hunter2', '<redacted>'))).toEqual({
    unsaved: { count: 1, lines: [{ sign: '+', text: 'snmp-server community <redacted> ro' }] },
  })
  const many = `@@ -1 +1,150 @@\n${Array.from({ length: 150 }, (_, at) => `+vlan ${at + 100}`).join('\n')}\n`
  const { unsaved } = plannedUnsaved(staged(many), AS_IT_IS)
  expect([unsaved?.count, unsaved?.lines.length, unsaved?.lines.at(-1)?.text]).toEqual([150, 100, 'vlan 199'])
})
