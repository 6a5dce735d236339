import { describe, expect, test } from 'vitest'
import { offlineEvidence } from '../../../src/change/plan/offline.ts'
import { judgedLines, renderedChange } from '../../../src/change/plan/rendered.ts'
import { doubtedIn, formsOfCommand, takenForms, withoutTaken, withTaken } from '../../../src/change/plan/taken-forms.ts'
import { settledLines } from '../../../src/change/task/act/rendered-change.ts'
import { DEFINITION, evidenceOf, merge, planOf } from './material.ts'

/** A word too many, and a misspelt word, that a new release could have. */
const DOUBTED = ['interface Ethernet2', '   mtu 9000 frobnicated', 'ntp serer 192.0.2.1']
const MTU = 'interface <interface> > mtu <int> frobnicated'
const NTP = 'ntp serer <ip>'

const offline = (eos: string) => ({
  name: 'leaf1',
  identity: { serial: 'S1', systemMac: '02:00:00:00:00:01', eos, model: 'vEOS' },
  running: 'hostname leaf1\n',
  startupDiff: '',
  state: {},
})

const doubtedPlan = (definition = {}) =>
  planOf(definition, [evidenceOf(1, merge(...DOUBTED)), evidenceOf(2, merge(...DOUBTED))])

describe('forms that a real switch has taken', () => {
  test('are those that have come to a confirmed switch and that the table doubts, by their version', () => {
    const { content } = doubtedPlan()
    const confirmed = takenForms(content, { leaf1: 'changed', leaf2: 'reverted' })
    expect([...confirmed].sort()).toEqual([
      [MTU, ['4.32.2F']],
      [NTP, ['4.32.2F']],
    ])
    for (const end of ['reverted', 'unknown', 'unchanged']) expect(takenForms(content, { leaf1: end }).size).toBe(0)
    expect(takenForms(planOf().content, { leaf1: 'changed' }).size).toBe(0)
  })

  test.each(['127.0.0.1', '127.3.2.1', '::1', 'localhost'])(
    'are never learned from %s: simulated switches are there',
    (host) => {
      const targets = DEFINITION.targets.map((one) => ({ ...one, host }))
      expect(takenForms(doubtedPlan({ targets }).content, { leaf1: 'changed' }).size).toBe(0)
    },
  )

  test('speak for a misspelt line on switches of their version alone, whatever its value', () => {
    const change = renderedChange({ mode: 'merge', lines: ['ntp serer 192.0.2.9'], file: '' }, [])
    if (!change.ok) throw new Error('the change is wrong')
    const known = withTaken(change.value, new Map([[NTP, ['4.32.2F']]]))
    expect(settledLines('leaf1', known, '', '4.32.2F')).toMatchObject({ refused: [], unknown: [] })
    for (const eos of ['4.31.0F', undefined]) expect(() => settledLines('leaf1', known, '', eos)).toThrow('is misspelt')
    const other = withTaken(change.value, new Map([['ntp serer <word>', ['4.32.2F']]]))
    expect(() => settledLines('leaf1', other, '', '4.32.2F')).toThrow('is misspelt')
  })

  test('speak for a misspelt line where the change is computed, because another of its lines may not be sent before the approval', () => {
    const lines = ['ntp serer 192.0.2.9', 'boot secret 5 $1$abc']
    const change = renderedChange({ mode: 'merge', lines, file: '' }, ['boot'])
    if (!change.ok) throw new Error('the change is wrong')
    const known = withTaken(change.value, new Map([[NTP, ['4.32.2F']]]))
    const computed = (eos: string) => offlineEvidence(offline(eos), known)
    expect(computed('4.32.2F')).toMatchObject({ bootLines: ['boot secret 5 $1$abc'] })
    expect(() => computed('4.31.0F')).toThrow('is misspelt')
  })

  test('take what they speak for out of what is doubted, and nothing else', () => {
    const change = merge(...DOUBTED, 'ntp serer fast')
    const without = (...forms: readonly string[]) => doubtedIn(withoutTaken(change, (form) => forms.includes(form)))
    expect(without()).toEqual([MTU, NTP, 'ntp serer fast'])
    expect(without(NTP)).toEqual([MTU, 'ntp serer fast'])
    expect(without(MTU)).toEqual([NTP, 'ntp serer fast'])
    const plain = merge('vlan 120')
    expect(withoutTaken(plain, () => true)).toEqual(plain)
  })

  test('are neither a problem nor a warning where no switch is asked', () => {
    const judged = (...forms: readonly string[]) => {
      const given = { mode: 'merge', lines: DOUBTED, file: '' } as const
      const { problems, warnings } = judgedLines(given, [], [], (form) => forms.includes(form))
      return [problems, warnings].map((list) => list.map(({ code, at }) => `${at.line} ${code}`))
    }
    expect(judged()).toEqual([['3 misspelt-word'], ['2 doubtful-line']])
    expect(judged(NTP)).toEqual([[], ['2 doubtful-line']])
    expect(judged(MTU)).toEqual([['3 misspelt-word'], []])
  })

  test('hold the value where it alone is at fault: another one may be refused', () => {
    const forms = (line: string) => doubtedIn(merge('interface Ethernet2', `   ${line}`))
    expect(forms('mtu 70000')).toEqual(['interface <interface> > mtu <int> = 70000'])
    expect(forms('mtu 80000')).toEqual(['interface <interface> > mtu <int> = 80000'])
    expect(formsOfCommand(merge('interface Ethernet2', '   mtu 70000'), 'mtu 70000')).toEqual([
      'interface <interface> > mtu <int> = 70000',
    ])
  })

  test('take away the warning of a doubtful line', () => {
    const lines = merge('interface Ethernet2', '   mtu 9000 frobnicated')
    const warned = (versions: readonly string[]) =>
      planOf({}, [evidenceOf(1, withTaken(lines, new Map([[MTU, versions]])))]).content.warnings.filter(
        ({ code }) => code === 'doubtful-line',
      )
    expect(warned(['4.31.0F'])).toHaveLength(1)
    expect(warned(['4.31.0F', '4.32.2F'])).toEqual([])
  })

  test('are asked for of doubted lines alone', () => {
    expect(doubtedIn(merge(...DOUBTED))).toEqual([MTU, NTP])
    expect(doubtedIn(merge('vlan 120', '   name A'))).toEqual([])
  })

  test('a command that was refused is found by its redacted text', () => {
    const change = merge('router bgp 65001', '   neighbor 192.0.2.1 password 7 0307550A1C bogus', ...DOUBTED)
    expect(formsOfCommand(change, 'neighbor 192.0.2.1 password 7 <redacted> bogus')).toEqual([
      'router bgp <int> > neighbor <ip> password <int> 0307550A1C bogus',
    ])
    expect(formsOfCommand(change, 'mtu 9000 frobnicated')).toEqual([MTU])
    expect(formsOfCommand(change, 'mtu 9001 frobnicated')).toEqual([])
  })
})
