import { describe, expect, test } from 'vitest'
import { shownLines } from '../../../src/change/task/act/config-changes.ts'
import { heldStartup } from '../../../src/change/task/act/mend-startup.ts'

/** A configuration with these VLANs; VLAN 30 is taken away by the change, VLAN 998 is made by it. */
const vlans = (...ids: readonly number[]) =>
  `! Command: show running-config\n! device: leaf1 (vEOS-lab, EOS-4.31.2F)\n!\nhostname leaf1\n!\n${ids.map((id) => `vlan ${id}\n!\n`).join('')}end\n`

const BASE = vlans(10, 30)
const TARGET = vlans(10, 998)
const WITH_BLOCK = BASE.replace('vlan 10', 'interface Ethernet48/2\n!\nvlan 10')

interface Row {
  readonly name: string
  readonly before?: string | undefined
  readonly running?: string
  readonly base?: string
  readonly target?: string
  readonly startup: string
  readonly held: readonly string[]
  readonly unsaved: readonly string[] | undefined
  readonly lost?: readonly string[]
}

const ROWS: readonly Row[] = [
  { name: 'nobody saved', startup: BASE, held: [], unsaved: [] },
  {
    name: 'somebody saved the change: a save of the base takes it out',
    startup: TARGET,
    held: ['-vlan 30', '+vlan 998'],
    unsaved: [],
  },
  {
    name: 'somebody saved the change with his own line, which is gone since: it is named',
    startup: vlans(10, 777, 998),
    held: ['-vlan 30', '+vlan 998'],
    unsaved: [],
    lost: ['+vlan 777'],
  },
  {
    name: 'his line was saved, and runs again: it may be saved',
    startup: vlans(10, 777, 998),
    running: vlans(10, 30, 777),
    held: ['-vlan 30', '+vlan 998'],
    unsaved: [],
  },
  {
    name: 'a line was typed when all was over, and is not saved',
    startup: TARGET,
    running: vlans(10, 30, 901),
    held: ['-vlan 30', '+vlan 998'],
    unsaved: ['+vlan 901'],
  },
  {
    name: 'a line was unsaved before the change: it was saved with the change, and still may not be',
    before: vlans(10, 30),
    base: vlans(10, 15, 30),
    target: vlans(10, 15, 998),
    running: vlans(10, 15, 30),
    startup: vlans(10, 15, 998),
    held: ['-vlan 30', '+vlan 998'],
    unsaved: ['+vlan 15'],
  },
  {
    name: 'a line was taken away, unsaved, before the change',
    before: vlans(10, 16, 30),
    base: BASE,
    running: BASE,
    startup: TARGET,
    held: ['-vlan 30', '+vlan 998'],
    unsaved: ['-vlan 16'],
  },
  {
    name: 'a line that was unsaved before the change was taken away since: the same lines as before',
    before: BASE,
    base: vlans(10, 15, 30),
    target: vlans(10, 15, 998),
    running: BASE,
    startup: vlans(10, 15, 998),
    held: ['-vlan 30', '+vlan 998'],
    unsaved: [],
  },
  {
    name: 'startup-config held a line of the change before it: that is not ours',
    before: vlans(10, 30, 998),
    startup: vlans(10, 30, 998),
    held: [],
    unsaved: ['-vlan 998'],
  },
  {
    name: 'nobody knows what it was before: nothing may be saved',
    before: undefined,
    startup: TARGET,
    held: ['-vlan 30', '+vlan 998'],
    unsaved: undefined,
  },
  {
    name: 'somebody saved the change on one line with his own VLAN: that is held, and his own is named',
    startup: vlans(10).replace('end\n', 'vlan 777,998\nend\n'),
    held: ['-vlan 30', '+vlan 998'],
    unsaved: [],
    lost: ['+vlan 777'],
  },
  {
    name: 'EOS has added an empty interface block since: no line that anybody has left unsaved',
    startup: TARGET,
    running: WITH_BLOCK,
    held: ['-vlan 30', '+vlan 998'],
    unsaved: [],
  },
]

describe('[F14b] what startup-config holds of a change that was put back', () => {
  test.each(ROWS)('$name', ({ name: _, held, unsaved, lost = [], ...texts }) => {
    const found = heldStartup({ base: BASE, target: TARGET, before: BASE, running: BASE, ...texts })
    expect(shownLines(found.held).toSorted()).toEqual([...held].toSorted())
    expect(found.unsaved && shownLines(found.unsaved).toSorted()).toEqual(unsaved && [...unsaved].toSorted())
    expect(shownLines(found.lost)).toEqual(lost)
  })

  test('twelve cases are looked at', () => {
    expect(ROWS).toHaveLength(12)
  })
})
