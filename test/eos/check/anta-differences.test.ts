import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ANTA_VERSION, DIFFERENCES } from '../../clients/anta/differences.ts'

const PAGE = readFileSync(new URL('../../../docs/anta-differences.md', import.meta.url), 'utf8')

test('the release of ANTA is the same wherever it is named', () => {
  const pins = readFileSync(new URL('../../clients/pins/python.txt', import.meta.url), 'utf8')
  expect(pins).toContain(`anta==${ANTA_VERSION}\n`)
  expect(PAGE).toContain(`what ANTA ${ANTA_VERSION} says`)
})

test('the page lists each kind of difference from ANTA with its reason, and no other', () => {
  const [, verdicts = ''] = PAGE.split('a verdict differs:\n')
  const [table = ''] = verdicts.split('\nIn these a message differs:')
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
  expect(rows).toEqual(DIFFERENCES.map(({ kind, reason }) => `| ${kind} | ${reason} |`))
  expect(rows).toHaveLength(16)
})
