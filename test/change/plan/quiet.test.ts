import { describe, expect, test } from 'vitest'
import { isQuietChange } from '../../../src/change/plan/change-read.ts'
import type { PlanDefinition } from '../../../src/change/plan/definition.ts'
import { demandsOf } from '../../../src/change/plan/demands.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { running } from '../../e2e/two-leaves.ts'
import { lists } from '../../table.ts'
import { DEFINITION, evidenceOf, merge, planOf, replace, VLAN_120 } from './material.ts'

/** A workflow that does not say `stableFor`; the BGP hold time in each configuration of the material is three minutes. */
const derived: PlanDefinition = {
  ...DEFINITION,
  timers: { ...DEFINITION.timers, confirmWithin: 1200, derived: { within: true, stableFor: true } },
  terms: { ...DEFINITION.terms, timers: { ...DEFINITION.terms.timers, confirmWithin: 1200 } },
}

const planFor = (...lines: readonly string[]) => planOf(derived, [evidenceOf(1, merge(...lines))])

const [QUIET, LONG] = [10, 185]

describe('for how long a change is watched whose workflow does not say it', () => {
  test.each(lists`
    a description                                      | interface Ethernet2;    description X | quiet
    one that goes                                      | interface Ethernet2;    no description | quiet
    one that goes by default                           | interface Ethernet2;    default description | quiet
    that of a management port                          | interface Management1;    description X | quiet
    the name of a VLAN                                 | vlan 110;    name PROD-APP | quiet
    a description and a name                           | vlan 110;    name X; interface Ethernet2;    description X | quiet
    a description that reads as a command              | interface Ethernet2;    description no shutdown | quiet
    a description and an access VLAN                   | interface Ethernet2;    description X;    switchport access vlan 1 | long
    a description, and a line that changes nothing     | interface Ethernet2;    description X;    switchport access vlan 110 | long
    a description and the port shut                    | interface Ethernet2;    description X;    shutdown | long
    a description on a port that is reset              | default interface Ethernet2; interface Ethernet2;    description X;    switchport access vlan 110 | long
    a port that is reset                               | default interface Ethernet2 | long
    a description on a new SVI                         | interface Vlan110;    description X | long
    a description on a new loopback                    | interface Loopback7;    description X | long
    a description on a new port-channel                | interface Port-Channel7;    description X | long
    a description on a new sub-interface               | interface Ethernet1.7;    description X | long
    a name of a new VLAN                               | vlan 120;    name X | long
    a name of a VLAN that is there and one that is new | vlan 110,120;    name X | long
    the description of a neighbour                     | router bgp 65101;    neighbor 10.1.1.0 description X | long
    a name of the switch                               | hostname X | long
    a banner with a description in it                  | banner motd; description X; EOF | long
    a line that no rule knows                          | interface Ethernet2;    description X;    frobnicate | long
    a root that no table has                           | frobnicate X | long
  `)('[3C6] %s', (_, lines, [watched]) => {
    const stableFor = watched === 'quiet' ? QUIET : LONG
    const { content, evidence } = planFor(...lines)
    expect(content.waves).toEqual([['leaf1']])
    expect(content.timers.stableFor).toBe(stableFor)
    expect(content.timers.verifyWithin).toBe(stableFor === QUIET ? 180 : 335)
    expect([evidence.expected?.quiet, evidence.soak?.seconds]).toEqual(
      stableFor === QUIET ? [true, undefined] : [undefined, 180],
    )
  })

  test('[3C6] a replaced configuration is watched as ever, whatever its diff shows', () => {
    const other = running('leaf1', 1).replace('HOST_web01', 'X')
    const { content } = planOf(derived, [evidenceOf(1, replace(other))])
    expect(content.devices[0]?.diff.map(({ text }) => text.trim())).toEqual([
      'interface Ethernet2',
      'description HOST_web01',
      'description X',
    ])
    expect(content.timers.stableFor).toBe(LONG)
  })

  test('[3C6] a mixed change takes the longest of its kinds, on all of its switches', () => {
    const { content } = planOf(derived, [
      evidenceOf(1, merge('interface Ethernet2', '   description X')),
      evidenceOf(2, merge(...VLAN_120)),
    ])
    expect(content.timers.stableFor).toBe(LONG)
  })

  test('a switch that has everything already does not make it longer', () => {
    const { content } = planOf(derived, [
      evidenceOf(1, merge('vlan 110', '   name X')),
      evidenceOf(3, merge('vlan 110', '   name PROD-WEB', 'interface Ethernet2', '   switchport access vlan 110')),
    ])
    expect(content.waves).toEqual([['leaf1']])
    expect(content.timers.stableFor).toBe(QUIET)
  })

  test('what the workflow says stays', () => {
    const given = {
      ...derived,
      timers: { ...derived.timers, stableFor: 45, derived: { within: true, stableFor: false } },
    }
    const { content, evidence } = planOf(given, [evidenceOf(1, merge('vlan 110', '   name X'))])
    expect(content.timers.stableFor).toBe(45)
    expect(evidence.expected).toEqual({ seconds: 47, waves: [46] })
  })

  test('boot lines, lines that no rule knows and announced risks are not quiet, whatever else there is', () => {
    const [device] = planFor('vlan 110', '   name X').content.devices
    if (device === undefined) throw new Error('no switch')
    expect(isQuietChange([device])).toBe(true)
    expect(isQuietChange([{ ...device, bootLines: ['boot system flash:/EOS.swi'] }])).toBe(false)
    expect(isQuietChange([{ ...device, unknownLines: ['frobnicate'] }])).toBe(false)
    const said = { at: 1, line: 'name X', says: 'This will reset the link' }
    expect(isQuietChange([{ ...device, said: [said] }])).toBe(true)
    expect(isQuietChange([{ ...device, said: [{ ...said, risks: ['resets'] }] }] as never)).toBe(false)
    expect(isQuietChange([])).toBe(false)
  })
})

describe('a plan whose times were altered', () => {
  const timers = (plan: Plan, definition: PlanDefinition = derived) => {
    const { planned, found } = demandsOf(plan.content, definition).timers ?? { planned: '', found: '-' }
    return planned === found
  }
  const withHold = (plan: Plan, stableFor: number) => ({
    ...plan,
    content: {
      ...plan.content,
      timers: { ...plan.content.timers, stableFor, verifyWithin: Math.max(180, 150 + stableFor) },
    },
  })

  test('is refused where it holds a quiet change for less than ten seconds', () => {
    const quiet = planFor('vlan 110', '   name X')
    expect([timers(quiet), timers(withHold(quiet, 9)), timers(withHold(quiet, 30))]).toEqual([true, false, true])
  })

  test('[3C6] is refused where it holds another change as a quiet one', () => {
    const other = planFor(...VLAN_120)
    expect([timers(other), timers(withHold(other, 10)), timers(withHold(other, 29))]).toEqual([true, false, false])
  })
})
