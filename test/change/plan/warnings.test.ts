import { describe, expect, test } from 'vitest'
import type { PlanDefinition } from '../../../src/change/plan/definition.ts'
import type { PlanWarning } from '../../../src/change/plan/plan.ts'
import type { DeviceEvidence } from '../../../src/change/task/act/context.ts'
import { running } from '../../e2e/two-leaves.ts'
import { DEFINITION, EVIDENCE, evidenceOf, merge, planOf, replace, VLAN_120 } from './material.ts'

const PAIRED = { ...DEFINITION.rollout, waves: ['100%'], redundant: { leaf1: 'pair1', leaf2: 'pair1' } } as const

type Given = readonly [Partial<PlanDefinition>, readonly DeviceEvidence[]]

const one = (more: Partial<DeviceEvidence>): Given => [{}, [evidenceOf(1, merge(...VLAN_120), more)]]
const { staged } = evidenceOf(1, merge(...VLAN_120))
const UNSAVED = '--- startup-config\n+++ running-config\n@@ -5,3 +5,4 @@\n vlan 110\n+   name PROD-WEB\n-vlan 111\n'

const PROGRAMS = `daemon Probe
   exec /mnt/flash/probe
   no shutdown
!
event-handler on-boot
   trigger on-boot
   action bash /mnt/flash/boot.sh
!
alias wr write memory
!
end
`

/** What makes each warning, and what it says. */
const CASES: readonly { readonly code: PlanWarning['code']; readonly given: Given; readonly says: string }[] = [
  {
    code: 'offline',
    given: [{ offline: true }, EVIDENCE],
    says: 'computed without a switch, by the configuration model',
  },
  {
    code: 'no-state',
    given: [{ lacked: ['vlan', 'the neighbours'] }, EVIDENCE],
    says: 'made offline, without the state that its checks compare with: vlan, the neighbours',
  },
  { code: 'no-approval', given: [{ approve: null }, EVIDENCE], says: 'this workflow asks for no approval' },
  {
    code: 'management-path',
    given: [{}, [evidenceOf(1, merge('interface Management1', '   description oob'))]],
    says: 'touches the management path: ',
  },
  {
    code: 'management-path',
    given: [{}, [evidenceOf(1, merge('management api http-commands', '   protocol http'))]],
    says: 'touches the management path: ',
  },
  {
    code: 'subinterface-down',
    given: [
      {},
      [
        evidenceOf(
          1,
          merge(
            'interface Ethernet5.10',
            '   encapsulation dot1q vlan 10',
            '   ip address 192.0.2.1/31',
            'interface Ethernet6',
            '   no switchport',
            'interface Ethernet6.10',
            '   encapsulation dot1q vlan 10',
          ),
        ),
      ],
    ],
    says: 'Ethernet5.10 stays down, because Ethernet5 is a switchport: `no switchport`',
  },
  {
    code: 'not-saved',
    given: one({ staged: { ...staged, startupDiff: UNSAVED } }),
    says: 'running-config is not saved (2 lines differ from startup-config); the confirm saves them too',
  },
  {
    code: 'not-saved',
    given: [{}, [evidenceOf(1, merge(), { staged: { ...staged, candidate: staged.running, startupDiff: UNSAVED } })]],
    says: 'running-config is not saved (2 lines differ from startup-config), and there is nothing to change here, so that nothing saves them',
  },
  {
    code: 'foreign-session',
    given: one({ foreignSessions: ['cvp-1', 'bob'] }),
    says: 'config sessions of others are open: cvp-1, bob; committing one of them would undo this change',
  },
  {
    code: 'merge-on-commit',
    given: one({ mergeOnCommit: true }),
    says: 'the switch merges on commit: a change made by hand meanwhile is kept',
  },
  {
    code: 'unknown-line',
    given: [{}, [evidenceOf(1, merge('frobnicate the widgets'))]],
    says: 'no rule knows this line, it is merged as it is: frobnicate the widgets',
  },
  {
    code: 'runs-programs',
    given: [{}, [evidenceOf(1, replace(running('leaf1', 1).replace('end\n', PROGRAMS)))]],
    says: 'changes what the switch runs by itself: event-handler on-boot, alias wr, daemon Probe',
  },
  {
    code: 'redundant-pair',
    given: [{ rollout: { ...PAIRED, together: true } }, EVIDENCE],
    says: 'wave 1 changes leaf1 and leaf2 together, which back each other up (both are tagged pair1)',
  },
  {
    code: 'no-canary',
    given: [{ rollout: { ...DEFINITION.rollout, canary: { switches: ['leaf3'] } } }, EVIDENCE],
    says: 'none of the canaries changes: the first wave goes without one before it',
  },
]

describe('warnings', () => {
  test('a plan with nothing to warn of has none', () => {
    expect(planOf().content.warnings).toEqual([])
  })

  test.each(CASES)('[3T15] $code', ({ code, given: [definition, evidence], says }) => {
    const { warnings } = planOf(definition, evidence).content
    expect(warnings.map((warning) => warning.code)).toEqual([code])
    expect(warnings[0]?.message).toContain(says)
  })

  test('a login without a password, and a key that the diff does not show, are said beside the management path', () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHN9gTracCdf0w71seqHiXeuoI5xwgPer2FObz23PBla'
    const users = `username eve nopassword\nusername bob ssh-key ${key}\n!\nend\n`
    const { warnings } = planOf({}, [evidenceOf(1, replace(running('leaf1', 1).replace('end\n', users)))]).content
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ['management-path', 'touches the management path: users and AAA'],
      [
        'opens-login',
        'lets in: eve without a password, bob by the SSH key SHA256:+fwau74hVo1vWFDD3itQtHbDh/Ci8MRbjAtot5gl0lg',
      ],
    ])
  })

  test('every warning that names a switch says which', () => {
    const named = CASES.flatMap(({ given: [definition, evidence] }) => planOf(definition, evidence).content.warnings)
    const ofOne = named.filter(
      ({ code }) => !['offline', 'no-state', 'no-approval', 'redundant-pair', 'no-canary'].includes(code),
    )
    expect(ofOne.map(({ device }) => device)).toEqual(Array(9).fill('leaf1'))
  })

  test('a switch that does not change is warned of nothing but what a reboot would take away', () => {
    const quiet = merge('vlan 110', '   name PROD-WEB')
    const of = (startupDiff?: string) => {
      const { staged: shown } = evidenceOf(1, quiet)
      const more = {
        staged: { ...shown, ...(startupDiff === undefined ? {} : { startupDiff }) },
        foreignSessions: ['bob'],
      }
      return planOf({}, [evidenceOf(1, quiet, more)]).content.warnings.map(({ code }) => code)
    }
    expect([of(), of(UNSAVED)]).toEqual([[], ['not-saved']])
  })

  test('the two of a pair are in two waves, which is no warning', () => {
    const plan = planOf({ rollout: PAIRED })
    expect(plan.content.waves).toEqual([['leaf1'], ['leaf2']])
    expect(plan.content.warnings).toEqual([])
  })
})
