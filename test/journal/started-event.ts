import type { EventBody } from '../../src/journal/event.ts'
import { ALICE } from './one-of-each-event.ts'

/** How an execution of a small workflow on leaf1 begins, for tests of what becomes of its records. */
export const STARTED = {
  type: 'ExecutionStarted',
  purpose: 'run',
  workflow: 'w',
  file: 'w.yaml',
  definition: 'sha256:1',
  interpreter: 2,
  machine: { version: 3, startAt: 'A', states: {} },
  params: {},
  input: {},
  context: {},
  requester: ALICE,
  targets: ['leaf1'],
} as const satisfies EventBody
