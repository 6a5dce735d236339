import { expect, test } from 'vitest'
import { mayBeRead } from '../../../src/change/record/event/record-text.ts'

const ENDED = '{"output":null,"type":"ExecutionEnded"}'
const HOLDS_ANOTHER = '{"output":{"type":"ExecutionEnded"},"path":"","type":"TaskSucceeded"}'
/** Of a newer eosflow: whoever reads it is refused, and nothing is concluded without it. */
const UNKNOWN = '{"device":"leaf1","type":"CheckpointNeeded"}'

test.each([
  [ENDED, { of: ['ExecutionEnded'] }, true],
  [HOLDS_ANOTHER, { of: ['TaskSucceeded'] }, true],
  [HOLDS_ANOTHER, { of: ['StateEntered'] }, false],
  [UNKNOWN, { of: ['ExecutionEnded'] }, false],
  [ENDED, { but: ['ExecutionEnded'] }, false],
  [HOLDS_ANOTHER, { but: ['TaskSucceeded'] }, true],
  [HOLDS_ANOTHER, { but: ['ExecutionEnded'] }, true],
  [UNKNOWN, { but: ['TaskSucceeded'] }, true],
  ['{}', { but: ['TaskSucceeded'] }, true],
] as const)('%s may be among %j: %s', (body, types, is) => {
  expect(mayBeRead(body, types)).toBe(is)
})
