import { expect, test } from 'vitest'
import { type ActOnExecution, confirmPage } from '../../../src/report/page/confirm.ts'

const pageOf = (sites: ActOnExecution['sites']) =>
  String(
    confirmPage({
      csrf: 'c',
      about: { act: 'stop', id: '20261121-162950-2f4ec54e', title: 'vlan 180', live: [], sites, newest: 5 },
    }).body,
  )

test('before a change over several sites is stopped nobody is told that nothing is live', () => {
  expect(pageOf(undefined)).toContain('Nothing is live: the execution ends, and no switch is changed.')
  for (const [sites, words] of [
    ['push', 'Every site is asked to put back and read back what it has changed.'],
    ['save', 'It is too late to put it back: every site was let save.'],
  ] as const) {
    expect(pageOf(sites)).toContain(words)
    expect(pageOf(sites)).not.toContain('Nothing is live')
  }
})
