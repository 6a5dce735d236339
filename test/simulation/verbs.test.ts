import { expect, test } from 'vitest'
import { changes, requestOf } from '../../simulate/verbs.ts'

const LINES = ['vlan 998', 'name TESTED', 'end', 'show running-config', 'show running-config diffs']

test.each([
  ['look', '', 0, false, ['enable', 'show version', 'show configuration sessions detail', 'show vlan']],
  ['read', '', 0, false, ['enable', 'show running-config', 'show running-config diffs']],
  ['plan', 's-1', 0, true, ['enable', 'configure session s-1', ...LINES, 'configure session s-1 abort']],
  ['stage', 's-2', 0, true, ['enable', 'configure session s-2', ...LINES, 'configure checkpoint save c']],
  ['arm', 's-2', 300, true, ['enable', 'show running-config', 'configure session s-2 commit timer 00:05:00']],
  ['arm', 's-2', 4505, true, ['configure session s-2 commit timer 01:15:05']],
  ['confirm', 's-2', 0, true, ['enable', 'show version', 'configure session s-2 commit']],
  ['abort', 's-2', 0, true, ['enable', 'configure session s-2 abort']],
  ['save', '', 0, true, ['enable', 'copy running-config startup-config', 'show running-config']],
  ['restore', '', 0, true, ['enable', 'configure replace checkpoint:c skip-checkpoint']],
] as const)('knows a %s of %j by its commands', (verb, session, seconds, isChange, commands) => {
  const request = requestOf(commands)
  expect(request).toEqual({ verb, session, seconds })
  expect(changes(request)).toBe(isChange)
})
