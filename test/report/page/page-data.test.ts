import { describe, expect, test } from 'vitest'
import { newExecution } from '../../../src/change/engine/state.ts'
import { parametersSchema } from '../../../src/change/workflow/param/json-schema.ts'
import { confirmPage } from '../../../src/report/page/confirm.ts'
import { digestBlock, groupDiff, markedLines } from '../../../src/report/page/diff.ts'
import { countdown, listed, moment, namedSwitches, span, withQuery } from '../../../src/report/page/html.ts'
import { overviewPage } from '../../../src/report/page/overview.ts'
import { browserPattern, fieldText, givenParams } from '../../../src/report/page/plan-form.ts'
import { recordItem } from '../../../src/report/page/record.ts'
import { endsText, executionItem } from '../../../src/report/page/switches.ts'
import { changeTitle } from '../../../src/report/phrases/spoken.ts'
import { groupBySkeleton } from '../../../src/report/plan/group-lines.ts'
import { ADA, NOW, PLAN, QUIET } from './material.ts'

describe('words of a page', () => {
  test.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [555_000, '9 min 15 s'],
    [3_600_000, '1 h'],
    [14_280_000, '3 h 58 min'],
    [86_400_000, '1 d'],
    [187_200_000, '2 d 4 h'],
  ])('%d ms are %s', (milliseconds, words) => {
    expect(span(milliseconds)).toBe(words)
  })

  test('a time is in UTC, with its date on another day and its year in another year', () => {
    expect(moment('2026-11-21T16:27:05.153Z', NOW).toString()).toBe(
      '<time datetime="2026-11-21T16:27:05.153Z" title="2026-11-21 16:27:05 UTC">16:27 UTC</time>',
    )
    expect(moment('2026-11-20T23:59:59Z', NOW).toString()).toContain('>20 Nov, 23:59 UTC<')
    expect(moment(Date.parse('2025-01-02T03:04:05Z'), NOW).toString()).toContain('>2 Jan 2025, 03:04 UTC<')
    expect(countdown(NOW + 61_000, NOW).toString()).toBe('<span data-until="1795278721000">1 min 1 s</span>')
  })

  test('nothing has drifted where every switch was compared, and of fewer it is said how many were', () => {
    const said = (compared: number) => {
      const drift = {
        differs: 0,
        same: compared,
        compared,
        neverConfirmed: 6 - compared,
        unread: 0,
        at: '2026-11-21T15:00:00.000Z',
      }
      return String(overviewPage({ ...QUIET, health: { ...QUIET.health, drift } }).body)
    }
    expect(said(6)).toContain('Nothing has drifted from what was confirmed, looked at')
    expect(said(1)).toContain('Of 6 switches, 1 compared: 0 differ, 1 as confirmed; 5 never confirmed, looked at')
    expect(said(1)).not.toContain('Nothing has drifted')
    expect([said(6).includes(' · 0 drifted'), said(1).includes(' · 0 of 1 compared drifted')]).toEqual([true, true])
  })

  test('names are listed as people do, and counted where they are many', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((names) => listed(names))).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ])
    expect(listed(['a', 'b', 'c', 'd'], 3)).toBe('a, b and 2 more')
    expect(namedSwitches(['a', 'b', 'c', 'd', 'e'])).toBe('5 switches')
  })

  test('a change is called by its parameters', () => {
    const params = {
      vlan: 140,
      label: 'PROD-CACHE',
      trunks: [],
      shut: false,
      stretched: true,
      ports: ['Ethernet1', 'Ethernet2'],
    }
    expect(changeTitle({ name: 'add-vlan', params })).toBe('vlan 140 PROD-CACHE stretched ports Ethernet1,Ethernet2')
    const kept = Object.fromEntries(Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    expect(changeTitle({ name: 'add-vlan', params: kept })).toBe(
      'vlan 140 PROD-CACHE stretched ports Ethernet1,Ethernet2',
    )
    expect(changeTitle({ name: 'collect', params: {} })).toBe('collect')
    expect(changeTitle({ name: 'x', params: { text: 'y'.repeat(50) } })).toBe(`text ${'y'.repeat(39)}…`)
  })

  test('an address has the members that are given, encoded', () => {
    expect(withQuery('/a', { b: 'x y&c=d', c: undefined, d: '' })).toBe('/a?b=x%20y%26c%3Dd')
    expect(withQuery('/a', {})).toBe('/a')
  })

  test('a digest is shown whole, in eight groups', () => {
    const groups = [
      ...digestBlock(PLAN.digest)
        .toString()
        .matchAll(/<span[^>]*>([0-9a-f]{8})<\/span>/g),
    ].map(([, group]) => group)
    expect(groups).toHaveLength(8)
    expect(`sha256:${groups.join('')}`).toBe(PLAN.digest)
  })
})

describe('the change of several switches', () => {
  test('is there once, with each value in which they differ', () => {
    const [group] = groupBySkeleton(PLAN)
    if (group === undefined) throw new Error('the plan has no change')
    expect(markedLines(group)[9]).toEqual({
      sign: '+',
      pieces: [
        { text: '      rd ' },
        { mark: '{4}', values: ['10.0.250.11:10140', '10.0.250.12:10140', '10.0.250.13:10140', '10.0.250.14:10140'] },
      ],
    })
    expect(groupDiff(group, 'x').toString()).toContain(
      'router bgp <mark title="65101 · 65102">65101 | 65102<sup>3</sup></mark>',
    )
    // Each line of each switch can be read back from the marked one.
    let read = 0
    for (const { name, diff } of PLAN.content.devices) {
      const at = group.devices.indexOf(name)
      const lines = markedLines(group).map(({ sign, pieces }) => {
        const text = pieces.map((piece) =>
          'text' in piece ? piece.text : group.values.find(({ mark }) => mark === piece.mark)?.on[at],
        )
        return { sign, text: text.join('') }
      })
      expect(lines).toEqual(diff)
      read += lines.length
    }
    expect(read).toBe(48)
  })

  test('text that looks like a mark is text', () => {
    const group = {
      devices: ['a'],
      lines: [{ sign: '+', text: 'name {1} x' }],
      values: [],
      added: 1,
      removed: 0,
    } as const
    expect(markedLines(group)).toEqual([{ sign: '+', pieces: [{ text: 'name ' }, { text: '{1}' }, { text: ' x' }] }])
  })
})

describe('what the store gives becomes data of a page', () => {
  test('an execution', () => {
    const state = {
      ...newExecution('20261121-1'),
      workflow: 'add-vlan',
      params: { vlan: 7 },
      requester: ADA,
      targets: ['leaf1'],
    }
    const row = { state, at: '2026-11-21T16:00:00Z', isRunning: true, standing: 'running' } as const
    expect(executionItem(row, ADA).by).toBe('')
    expect(executionItem(row, { ...ADA, id: 'ben' })).toEqual({
      id: '20261121-1',
      title: 'vlan 7',
      workflow: 'add-vlan',
      at: '2026-11-21T16:00:00Z',
      by: 'Ada Berg',
      standing: 'running',
      ends: { leaf1: 'untouched' },
    })
    expect(endsText({ a: 'changed', b: 'unknown', c: 'changed' }, 'unknown')).toBe('1 unknown, 2 confirmed')
  })

  test('a record', () => {
    const event = {
      seq: 5,
      at: '2026-11-21T16:00:00Z',
      actor: 'local:0:root@vm',
      execution: '20261121-1',
      type: 'UndoStarted',
      device: 'leaf1',
      session: 's',
    } as never
    const source = { origin: 'o', host: 'h', version: '1', enterprise: 1 }
    expect(recordItem({ event, body: '{}', hash: 'ab' }, source)).toMatchObject({
      seq: 5,
      device: 'leaf1',
      execution: '20261121-1',
      words: 'UndoStarted putting it back',
      hash: 'ab',
    })
  })
})

describe('the form of a workflow', () => {
  const schema = parametersSchema({
    vlan: { type: 'integer', minimum: 2 },
    label: { type: 'string', pattern: '[A-Z0-9_-]{1,32}' },
    trunks: { type: 'list', items: { type: 'interface' }, default: [] },
    range: { type: 'vlanRange', example: 120 },
    on: { type: 'boolean', default: true },
  })

  test('its parameters are JSON Schema', () => {
    expect(schema).toEqual({
      type: 'object',
      properties: {
        vlan: { type: 'integer', minimum: 2 },
        label: { type: 'string', pattern: '^(?:[A-Z0-9_-]{1,32})$' },
        trunks: { type: 'array', items: { type: 'string', description: 'an interface as Ethernet1' }, default: [] },
        range: { description: 'VLANs as 110-112,120', examples: [120] },
        on: { type: 'boolean', default: true },
      },
      required: ['vlan', 'label', 'range'],
      additionalProperties: false,
    })
  })

  test('what was typed becomes values; an empty field gives none, and what is no number stays text', () => {
    const form = {
      'params.vlan': ' 140 ',
      'params.label': 'A B',
      'params.trunks': 'Ethernet1\r\n\r\nEthernet2',
      'params.range': '110-112',
      'params.on': 'false',
      csrf: 'x',
    }
    expect(givenParams(schema, form)).toEqual({
      vlan: 140,
      label: 'A B',
      trunks: ['Ethernet1', 'Ethernet2'],
      range: '110-112',
      on: false,
    })
    expect(givenParams(schema, { 'params.vlan': '1e3', 'params.label': ' ' })).toEqual({ vlan: '1e3' })
    expect(fieldText(['a', 1])).toBe('a\n1')
  })

  test('a table is a field of CSV, and a record one of YAML; both are read where the workflow judges them', () => {
    const records = parametersSchema({
      ports: {
        type: 'table',
        columns: { port: { type: 'interface' }, vlan: { type: 'integer', optional: true } },
        minRows: 1,
      },
      bgp: { type: 'object', properties: { asn: { type: 'integer', default: 65001 } } },
      any: { type: 'object', default: {} },
    })
    expect(records.properties).toEqual({
      ports: {
        type: 'array',
        items: {
          type: 'object',
          properties: { port: { type: 'string', description: 'an interface as Ethernet1' }, vlan: { type: 'integer' } },
          required: ['port'],
          additionalProperties: false,
        },
        minItems: 1,
        maxItems: 10_000,
      },
      bgp: {
        type: 'object',
        properties: { asn: { type: 'integer', default: 65001 } },
        required: [],
        additionalProperties: false,
      },
      any: { type: 'object', default: {} },
    })
    const text = 'port,vlan\r\nEthernet1,110\r\n'
    const form = { 'params.ports': text, 'params.bgp': '{ asn: 1 }', 'params.any': ' ' }
    expect(givenParams(records, form)).toEqual({ ports: text.trim(), bgp: '{ asn: 1 }' })
    expect(fieldText([{ port: 'Ethernet1', vlan: 110 }, { port: 'a "b", c' }])).toBe(
      'port,vlan\nEthernet1,110\n"a ""b"", c",',
    )
    expect(fieldText([])).toBe('')
  })

  test('a browser is given a pattern that it takes, or none', () => {
    expect(browserPattern(schema.properties.label ?? {})).toBe('[A-Z0-9_\\-]{1,32}')
    expect(browserPattern({ pattern: '^(?:[(])$' })).toBeUndefined()
    expect(browserPattern({})).toBeUndefined()
  })
})

test.each([
  [['leaf1'], 'leaf1 carries the change now. It is put back and read back.'],
  [['leaf1', 'leaf2'], 'leaf1 and leaf2 carry the change now. Each of them is put back and read back.'],
])('the form of a stop says what is put back: %j', (live, words) => {
  const about = { act: 'stop', id: '20260105-080000-9093cf4d', title: 'vlan 170 VOICE', live, newest: 7 } as const
  expect(confirmPage({ csrf: 'x', about }).body.toString()).toContain(words)
})
