import { describe, expect, test } from 'vitest'
import { activationOf, readActivation } from '../../../../src/project/app/dispatch/port/activation.ts'

describe('an activation out of a queue', () => {
  test('is read as it was posted', () => {
    const posted = activationOf('20261122-102150-862fcd24', 'dc1', { why: 'woken', wake: 7 })
    expect(readActivation(JSON.parse(JSON.stringify(posted)))).toEqual({
      id: '20261122-102150-862fcd24@w7',
      execution: '20261122-102150-862fcd24',
      site: 'dc1',
    })
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x1@0'],
    ['no execution', { id: 'x1@0', site: 'dc1' }],
    ['a number', { id: '7@0', execution: 7, site: 'dc1' }],
    ['an object', { id: 'x1@0', execution: { toString: 'x1' }, site: 'dc1' }],
    ['another execution than its id says', { id: 'x2@0', execution: 'x1', site: 'dc1' }],
    ['a path', { id: '../x@0', execution: '../x', site: 'dc1' }],
    ['what writes to a terminal', { id: 'x\u001b[2J@0', execution: 'x\u001b[2J', site: 'dc1' }],
    ['a second line', { id: 'x\nx2: ended@0', execution: 'x\nx2: ended', site: 'dc1' }],
    ['a NUL', { id: 'x\0@0', execution: 'x\0', site: 'dc1' }],
    ['megabytes', { id: `${'x'.repeat(2_000_000)}@0`, execution: 'x'.repeat(2_000_000), site: 'dc1' }],
  ])('is nothing where it is %s', (_what, value) => {
    expect(readActivation(value)).toBeUndefined()
  })
})
