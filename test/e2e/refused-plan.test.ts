// @module-tag long

import { expect, test } from 'vitest'
import { EosflowError } from '../../src/model/error.ts'
import { openLab } from '../lab/lab.ts'

test('a plan that a switch refuses tells why, whatever becomes of the question for what is left behind', async () => {
  let unanswered: number | undefined
  const lab = openLab({
    before: (at, device, commands) => {
      if (device !== 'leaf1') return
      if (unanswered === undefined && commands.some((one) => /^configure session/.test(one))) {
        unanswered = 0
        at.fault({ device, kind: 'refuse-line', line: 1, message: 'Invalid input' })
      } else if (unanswered !== undefined && unanswered < 5) {
        unanswered += 1
        throw new EosflowError('unreachable', 'leaf1: no way there', { device })
      }
    },
  })
  const { code, out, err } = await lab.change()
  expect([code, unanswered]).toEqual([10, 5])
  expect(out + err).toContain('Invalid input')
  expect(out + err).not.toContain('no way there')
})

test.each([
  ['store', 1],
  ['busy', 9],
] as const)('[P20] a fault of ours (%s) ends a plan, whatever a switch has refused before', async (kind, exit) => {
  let faults: number | undefined
  const lab = openLab({
    before: (at, device, commands) => {
      if (device !== 'leaf1') return
      if (faults === 0) {
        faults += 1
        throw new EosflowError(kind, 'the fault is ours')
      }
      if (faults !== undefined || !commands.some((one) => /^configure session/.test(one))) return
      faults = 0
      at.fault({ device, kind: 'refuse-line', line: 1, message: 'Invalid input' })
    },
  })
  const { code, out, err } = await lab.change()
  expect(out + err).toContain('Plan: leaf1: the fault is ours')
  expect([code, faults], out + err).toEqual([exit, 1])
})
