import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { allCodes, eventCode, outcomeOf } from '../../../../src/change/record/event/event-code.ts'
import { EACH_MACHINE_EVENT } from '../each-machine-event.ts'
import { ONE_OF_EACH, PLAN, STATEMENT } from '../one-of-each-event.ts'
import { EACH_AUDIT_EVENT } from './each-audit-event.ts'

const EXAMPLES = [...ONE_OF_EACH, ...EACH_MACHINE_EVENT, ...EACH_AUDIT_EVENT]

describe('event codes', () => {
  test('are used once each, and are a number of three digits with I, W or E', () => {
    const codes = allCodes().map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.filter((code) => !/^EF\d{3}[IWE]$/.test(code))).toEqual([])
  })

  test('there is one for an event of every type', () => {
    const types = new Set(EXAMPLES.map(({ type }) => type))
    expect(new Set(allCodes().map(({ type }) => type))).toEqual(types)
    const known: ReadonlySet<string> = new Set(allCodes().map(({ code, type }) => `${code} ${type}`))
    expect(EXAMPLES.filter((event) => !known.has(`${eventCode(event)} ${event.type}`))).toEqual([])
  })

  test.each([
    ['EF203I', { type: 'StateExited', path: '', state: 'Push', output: {} }],
    ['EF112I', { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }],
    ['EF118E', { type: 'ExecutionEnded', outcome: 'unknown', devices: { leaf1: 'unknown' } }],
    ['EF304E', { type: 'ApprovalDecided', statement: { ...STATEMENT, decision: 'reject' }, seal: '' }],
    ['EF404E', { type: 'ActFinished', device: 'leaf1', act: 'arm', session: 's', outcome: 'unknown' }],
    [
      'EF411E',
      { type: 'VerdictGiven', device: 'leaf1', check: 'bgp', round: 1, verdict: { status: 'fail', reasons: ['x'] } },
    ],
    ['EF306E', { type: 'ApprovalRefused', plan: PLAN, reason: 'it is over' }],
    ['EF602E', { type: 'SecretResolved', reference: 'exec:pass', outcome: 'failed' }],
  ] as const)('%s tells the outcome', (code, event) => {
    expect(eventCode(event)).toBe(code)
  })

  test.each([
    ['EF112I', 'ok'],
    ['EF113W', 'ok'],
    ['EF510E', 'denied'],
    ['EF404E', 'unknown'],
    ['EF411E', 'failed'],
  ] as const)('%s is %s', (code, outcome) => {
    expect(outcomeOf(code)).toBe(outcome)
  })

  test('never change: every type and outcome has the code that docs/audit.md has', () => {
    const page = readFileSync(new URL('../../../../docs/audit.md', import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| `(EF\d{3}[IWE])` \| `(\w+)`(?:, `([\w-]+)`)? \| (\w+) \|/gm)]
    const told = rows.map(([, code, type, when = '', outcome]) => `${code} ${type} ${when} ${outcome}`)
    const wanted = allCodes().map(({ code, type, when }) => `${code} ${type} ${when} ${outcomeOf(code)}`)
    expect(told.toSorted()).toEqual(wanted.toSorted())
  })
})
