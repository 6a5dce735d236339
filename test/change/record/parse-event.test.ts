import { describe, expect, test } from 'vitest'
import { parseEvent } from '../../../src/change/record/event/record-text.ts'
import { EosflowError } from '../../../src/model/error.ts'
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

function thrownBy(work: () => unknown) {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('parseEvent', () => {
  test.each(EXAMPLES.map((event) => [event.type, event] as const))('reads %s as it was written', (_type, event) => {
    expect(parseEvent(JSON.stringify({ ...ENVELOPE, ...event }))).toEqual({ ...ENVELOPE, ...event })
  })

  test('reads an event outside an execution', () => {
    const { execution: _, ...outside } = ENVELOPE
    const event = { ...outside, type: 'ApprovalRequested', plan: 'sha256:00' }
    expect(parseEvent(JSON.stringify(event))).toEqual(event)
  })

  test.each([
    ['no version', { seq: 1, type: 'ExecutionResumed' }, /^malformed journal record: its version is undefined$/],
    [
      'an older version',
      { ...ENVELOPE, v: 0, type: 'ExecutionResumed' },
      /^malformed journal record: its version is 0$/,
    ],
    ['a type that is no text', { ...ENVELOPE, type: 3 }, /^malformed journal record: its type is 3$/],
    ['a version that is no number', { ...ENVELOPE, v: '2' }, /^malformed journal record: its version is "2"$/],
    ['a missing member', { ...ENVELOPE, type: 'UndoStarted' }, /malformed UndoStarted in the journal at device/],
    [
      'a wrong word deep inside',
      { ...ENVELOPE, type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'fine' } },
      /ExecutionEnded with a value at devices\.leaf1 that this one does not know, or it is malformed$/,
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

  test.each([
    [
      'a higher version',
      { ...ENVELOPE, v: 2, type: 'ExecutionResumed' },
      'a newer version of eosflow has written a journal record of version 2, and this one reads version 1',
    ],
    [
      'a type that is not known',
      { ...ENVELOPE, type: 'DeviceExploded' },
      'a newer version of eosflow has written a journal record of the type "DeviceExploded", which this one does not know',
    ],
    [
      'an interpreter that is not known',
      { ...ENVELOPE, ...ONE_OF_EACH.find(({ type }) => type === 'ExecutionStarted'), interpreter: 3 },
      'a newer version of eosflow has written ExecutionStarted with a value at interpreter that this one does not know, or it is malformed',
    ],
    [
      'a member that is not known',
      { ...ENVELOPE, type: 'ExecutionResumed', extra: 1 },
      'a newer version of eosflow has written ExecutionResumed with "extra", which this one does not know, or it is malformed',
    ],
    [
      'a word that is not known',
      { ...ENVELOPE, type: 'ExecutionEnded', outcome: 'postponed', devices: {} },
      'a newer version of eosflow has written ExecutionEnded with a value at outcome that this one does not know, or it is malformed',
    ],
  ])('says of %s that a newer version has written it, and what to do', (_name, event, message) => {
    expect(thrownBy(() => parseEvent(JSON.stringify(event)))).toMatchObject({
      kind: 'store',
      message,
      hint: 'Update eosflow on this machine. Where it is a worker, start one of the new version and drain this one.',
    })
  })

  test.each([['{"v":1'], ['[]'], ['null'], ['"x"']])('refuses %s, which is no JSON object', (text) => {
    expect(() => parseEvent(text)).toThrow(EosflowError)
    expect(() => parseEvent(text)).toThrow(/not (JSON|a JSON object)/)
  })
})
