import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import type { DeviceEnd } from '../../../src/model/act.ts'
import { historyText } from '../../../src/report/event-words/history.ts'
import { executionList } from '../../../src/report/execution/row.ts'
import { cutMiddle, plain, wrapped } from '../../../src/report/text/text.ts'
import { ALICE, ONE_OF_EACH } from '../../change/record/one-of-each-event.ts'
import { exits, inProcess } from '../../lab/lab.ts'
import { MACHINE_EVENTS } from '../../report/machine-events.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const tooLong = (text: string, width: number) => text.split('\n').filter((line) => [...line].length > width)

describe('a text that is too long for its place', () => {
  test.each([
    ['add-vlan', 8, 'add-vlan'],
    ['add-vlan', 7, 'add…lan'],
    ['add-vlan', 4, 'ad…n'],
    ['add-vlan', 1, '…'],
    ['', 1, ''],
  ])('%s in %i columns is cut in its middle', (text, width, cut) => {
    expect(cutMiddle(text, width)).toBe(cut)
  })

  test.each([
    ['a short one', 20, 2, ['a short one']],
    ['one that is broken at its blanks', 12, 2, ['one that is', '  broken at', '  its blanks']],
    ['abcdefghijkl', 5, 1, ['abcde', ' fghi', ' jkl']],
    ['   a margin stays', 12, 6, ['   a margin', '      stays']],
    ['', 5, 2, ['']],
  ])('%j goes on in the next line', (text, width, hang, lines) => {
    expect(wrapped(text, { width, hang })).toEqual(lines)
  })
})

const EVENTS: readonly JournalEvent[] = [...ONE_OF_EACH, ...MACHINE_EVENTS].map((body, index) => ({
  ...body,
  v: 1,
  seq: index + 1,
  at: new Date(Date.UTC(2026, 0, 5, 23, 59, index)).toISOString(),
  execution: '20260105-080000-01234567',
  actor: ALICE.id,
}))

describe.each([80, 120])('at %i columns', (width) => {
  test('history keeps each event, in lines that fit', () => {
    const text = historyText(
      EVENTS.map((event) => ({ event })),
      plain,
      width,
    )
    expect(tooLong(text, width)).toEqual([])
    expect(EVENTS.length).toBeGreaterThan(50)
    const begun = text.split('\n').filter((line) => /^ {0,4}\d+ {2}\S/.test(line))
    expect(begun.map((line) => Number(line.slice(0, 5)))).toEqual(EVENTS.map(({ seq }) => seq))
    const unbroken = historyText(
      EVENTS.map((event) => ({ event })),
      plain,
    )
    const words = (one: string) =>
      one.replaceAll(/^\d{4}-\d\d-\d\d$|\d{4}-\d\d-\d\dT|(?<=sha256:[0-9a-f]{8})[0-9a-f]{56}|\s/gm, '')
    expect(words(text)).toBe(words(unbroken))
  })

  test('executions has its columns below each other, and where each switch ended', () => {
    const names = Array.from({ length: 1000 }, (_, n) => `leaf${n}`)
    const rows = [
      { workflow: 'add-vlan', standing: 'succeeded', ends: { leaf1: 'changed' } as const },
      { workflow: `add-${'a-tenant-and-'.repeat(9)}more`, standing: 'waiting-for-signal', ends: {} },
      { workflow: 'w', standing: 'unknown', ends: Object.fromEntries(names.map((name) => [name, 'unknown'] as const)) },
    ]
    const id = '20260105-080000-01234567'
    const lines = executionList(
      rows.map((row) => ({ id, at: '2026-01-05T08:00:00.000Z', ...row })),
      width,
    )
    expect(tooLong(lines.join('\n'), width)).toEqual([])
    const heads = lines.filter((line) => line.startsWith(id))
    expect(new Set(heads.map((line) => line.search(/succeeded|waiting-for-signal|unknown/))).size).toBe(1)
    expect(heads[1]).toContain('…')
    expect(lines[1]).toBe('    leaf1:confirmed')
    expect(lines.at(-1)).toMatch(/^ {4}… and 9\d\d more$/)
  })

  test('validate, of this project', { tags: ['long', 'turn'] }, async () => {
    const { stdout } = await exits(0, inProcess('validate', ROOT, width))
    // A command to paste stays in one line.
    expect(tooLong(stdout.replace(/^Next: eosflow .*$/m, ''), width)).toEqual([])
    expect(stdout.split('\n').filter((line) => line.startsWith('✔ ')).length).toBeGreaterThan(10)
  })
})

test('[U11] the two screens at 80 columns', () => {
  const [started, settled] = [EVENTS[0], EVENTS.find(({ type }) => type === 'DeviceSettled')]
  if (started === undefined || settled === undefined) throw new Error('no such events')
  expect(historyText([{ event: started }, { event: settled }], plain, 80).split('\n')).toEqual([
    '2026-01-05',
    '    1  23:59:00.000Z  ExecutionStarted    add-vlan (workflows/add-vlan.yaml), a',
    '                      change on leaf1 leaf2 · parameters',
    '                      {"vlan":10,"label":"BLUE"} · definition sha256:00 ·',
    '                      interpreter 2 · from a saved plan · by',
    '                      local:1000:alice@noc1',
    '   21  23:59:20.000Z  DeviceSettled       armed: 300 s left',
  ])
  const row = { id: '20260105-080000-01234567', at: '2026-01-05T08:00:00.000Z', workflow: 'add-vlan' }
  const ends = { leaf1: 'changed', leaf2: 'reverted' } as const
  expect(executionList([{ ...row, standing: 'tolerated', ends }], 80)).toEqual([
    '20260105-080000-01234567  2026-01-05T08:00Z  add-vlan  tolerated',
    '    leaf1:confirmed leaf2:put-back',
  ])
})

test('of many switches the ends that many have are counted, and each of the others is named', () => {
  const row = { id: '20260105-080000-01234567', at: '2026-01-05T08:00:00.000Z', workflow: 'add-vlan' }
  const names = Array.from({ length: 120 }, (_, index) => `leaf${index + 1}`)
  const ends = (few: Readonly<Record<string, DeviceEnd>>) => ({
    ...Object.fromEntries(names.map((name) => [name, 'changed' as DeviceEnd])),
    ...few,
  })
  const lines = (few: Readonly<Record<string, DeviceEnd>>) =>
    executionList([{ ...row, standing: 'failed', ends: ends(few) }], 80).slice(1)
  expect(lines({})).toEqual(['    120 confirmed'])
  expect(lines({ leaf119: 'unknown', leaf7: 'reverted' })).toEqual([
    '    118 confirmed · leaf119:unknown leaf7:put-back',
  ])
  const back = Object.fromEntries(names.slice(0, 60).map((name) => [name, 'reverted' as const]))
  expect(lines({ ...back, leaf120: 'unknown' })).toEqual([
    '    59 confirmed · leaf120:unknown leaf1:put-back leaf2:put-back leaf3:put-back',
    '    leaf4:put-back leaf5:put-back leaf6:put-back leaf7:put-back leaf8:put-back',
    '    leaf9:put-back leaf10:put-back leaf11:put-back leaf12:put-back',
    '    … and 48 more',
  ])
})

test('how many switches are not shown is said of switches, also where a name is longer than a line', () => {
  const row = { id: '20260105-080000-01234567', at: '2026-01-05T08:00:00.000Z', workflow: 'w', standing: 'succeeded' }
  const names = Array.from({ length: 12 }, (_, index) => `access-switch-${index + 10}.building-12.campus.example`)
  const ends = Object.fromEntries(names.map((name) => [name, 'changed' as const]))
  expect(executionList([{ ...row, ends }], 44).slice(-2)).toEqual([
    '    access-switch-11.building-12.campus.exam',
    '    … and 11 more',
  ])
})
