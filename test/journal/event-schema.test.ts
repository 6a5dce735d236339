import { describe, expect, test } from 'vitest'
import { parseEvent } from '../../src/journal/event-schema.ts'
import { EosflowError } from '../../src/model/error.ts'
import { EACH_AUDIT_EVENT } from './audit/each-audit-event.ts'
import { EACH_MACHINE_EVENT } from './each-machine-event.ts'
import { ONE_OF_EACH } from './one-of-each-event.ts'

const EXAMPLES = [...ONE_OF_EACH, ...EACH_MACHINE_EVENT, ...EACH_AUDIT_EVENT]

const ENVELOPE = {
  v: 1,
  seq: 7,
  at: '2026-01-05T08:00:00.000Z',
  actor: 'local:1000:alice@noc1',
  execution: 'x1',
} as const

describe('parseEvent', () => {
  test.each(EXAMPLES.map((event) => [event.type, event] as const))('reads %s as it was written', (_type, event) => {
    expect(parseEvent(JSON.stringify({ ...ENVELOPE, ...event }))).toEqual({ ...ENVELOPE, ...event })
  })

  test('knows 85 types, and the examples cover them', () => {
    expect(new Set(EXAMPLES.map(({ type }) => type)).size).toBe(85)
  })

  test('reads an event outside an execution', () => {
    const { execution: _, ...outside } = ENVELOPE
    const event = { ...outside, type: 'ApprovalRequested', plan: 'sha256:00' }
    expect(parseEvent(JSON.stringify(event))).toEqual(event)
  })

  test.each([
    ['another version', { ...ENVELOPE, v: 2, type: 'ExecutionResumed' }, /version 2.*reads version 1/],
    ['no version', { seq: 1, type: 'ExecutionResumed' }, /version undefined/],
    ['an unknown type', { ...ENVELOPE, type: 'DeviceExploded' }, /unknown type: "DeviceExploded"/],
    ['a type that is no text', { ...ENVELOPE, type: 3 }, /unknown type: 3/],
    ['an unknown key', { ...ENVELOPE, type: 'ExecutionResumed', extra: 1 }, /malformed ExecutionResumed.*extra/],
    ['a missing member', { ...ENVELOPE, type: 'UndoStarted' }, /malformed UndoStarted in the journal at device/],
    [
      'a wrong word deep inside',
      { ...ENVELOPE, type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'fine' } },
      /malformed ExecutionEnded in the journal at devices\.leaf1/,
    ],
    [
      'a fail without reasons',
      {
        ...ENVELOPE,
        type: 'VerdictGiven',
        device: 'a',
        check: 'b',
        round: 1,
        verdict: { status: 'fail', reasons: [] },
      },
      /at verdict\.reasons/,
    ],
    ['a time that is none', { ...ENVELOPE, at: 'yesterday', type: 'ExecutionResumed' }, /at at/],
  ])('refuses %s by name', (_name, event, message) => {
    expect(() => parseEvent(JSON.stringify(event))).toThrow(message)
  })

  test.each([['{"v":1'], ['[]'], ['null'], ['"x"']])('refuses %s, which is no JSON object', (text) => {
    expect(() => parseEvent(text)).toThrow(EosflowError)
    expect(() => parseEvent(text)).toThrow(/not (JSON|a JSON object)/)
  })
})
