import { expect, test } from 'vitest'
import { childPath, parentOf } from '../../../src/change/engine/scope-path.ts'

test.each([
  ['', 'RollOutWaves', 0, 'RollOutWaves[0]'],
  ['RollOutWaves[0]', 'RollOutWave', 12, 'RollOutWaves[0].RollOutWave[12]'],
  ['A[1]', 'v1.2 [50%]', 3, 'A[1].v1%2E2 %5B50%25%5D[3]'],
])(
  'the scope %j, the state %j and the item %i are the path of the item, and the other way round',
  (path, state, index, whole) => {
    expect(childPath(path, state, index)).toBe(whole)
    expect(parentOf(whole)).toEqual({ path, state, index })
  },
)

test('the root hangs nowhere, and what is no path is a bug', () => {
  expect(parentOf('')).toBeUndefined()
  for (const path of ['A', 'A[]', 'A[x]', 'A[1', '[1]', 'A[0].[1]', 'A[1].B', 'A[-1]', 'A[1.5]'])
    expect(() => parentOf(path), path).toThrow(`not a scope path: ${path}`)
})
