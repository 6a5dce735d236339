import { expect, test } from 'vitest'
import { heredocBodies, isTerminator } from '../../../src/eos/config/text/tree.ts'

test.each([
  ['banner login', undefined, 1],
  ['banner motd', undefined, 1],
  ['no banner login', undefined, 0],
  ['banner', undefined, 0],
  ['comment', 'interface Ethernet1', 1],
  ['comment on one line', 'interface Ethernet1', 0],
  ['action bash', 'event-handler x', 1],
  ['action bash reboot', 'event-handler x', 0],
  ['code unit A', 'control-functions', 1],
  ['code', 'control-functions', 1],
  ['code', 'router general', 0],
  ['protocol https certificate', 'management api http-commands', 2],
  ['protocol https', 'management api http-commands', 0],
])('%s under %s is followed by %i bodies', (line, parent, bodies) => {
  expect(heredocBodies(line, parent)).toBe(bodies)
})

test.each([
  ['EOF', true],
  ['      EOF ', true],
  ['!! EOF', false],
  ['EOFF', false],
])('%j closes a body: %s', (row, closes) => {
  expect(isTerminator(row)).toBe(closes)
})
