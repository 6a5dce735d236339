import { describe, expect, test } from 'vitest'
import { requireDistinct } from '../../../src/change/task/act/switch-identity.ts'
import { EosflowError } from '../../../src/model/error.ts'

const a = { serial: 'JPE1', systemMac: '00:1c:73:00:00:01' }

function refusalOf(...switches: Parameters<typeof requireDistinct>[0]) {
  try {
    requireDistinct(switches)
    return undefined
  } catch (error) {
    return error instanceof EosflowError ? `${error.kind}: ${error.message}` : String(error)
  }
}

describe('two names of one switch', () => {
  test.each<[string, Parameters<typeof requireDistinct>[0]]>([
    [
      'another serial number',
      [
        ['x', a],
        ['y', { ...a, serial: 'JPE2' }],
      ],
    ],
    [
      'another system MAC',
      [
        ['x', a],
        ['y', { ...a, systemMac: '00:1c:73:00:00:02' }],
      ],
    ],
    [
      'no serial number',
      [
        ['x', { ...a, serial: '' }],
        ['y', { ...a, serial: '' }],
      ],
    ],
    [
      'no system MAC',
      [
        ['x', { ...a, systemMac: '' }],
        ['y', { ...a, systemMac: '' }],
      ],
    ],
    ['one name', [['x', a]]],
  ])('%s is none', (_, switches) => {
    expect(refusalOf(...switches)).toBeUndefined()
  })

  test('[P5] equal serial number and MAC are one switch, however the MAC is written', () => {
    expect(refusalOf(['x', a], ['y', { ...a, systemMac: '00:1C:73:00:00:01' }])).toBe(
      'guard: x and y are one switch: serial number JPE1 and system MAC 00:1c:73:00:00:01',
    )
  })

  test('all names are shown, and every such switch', () => {
    const b = { serial: 'JPE9', systemMac: '00:1c:73:00:00:09' }
    expect(refusalOf(['x', a], ['p', b], ['y', a], ['q', b], ['z', a])).toBe(
      'guard: x, y and z are one switch: serial number JPE1 and system MAC 00:1c:73:00:00:01\n' +
        'p and q are one switch: serial number JPE9 and system MAC 00:1c:73:00:00:09',
    )
  })
})
