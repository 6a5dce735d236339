import { expect, test } from 'vitest'
import { saysYes } from '../../src/cli/says-yes.ts'

test.each([
  [['yes'], true, 1],
  [[' yes '], true, 1],
  [['y', 'yes'], true, 2],
  [['YES', 'yes'], true, 2],
  [['y', 'y'], false, 2],
  [['y', undefined], false, 2],
  [['no', 'yes'], false, 1],
  [['', 'yes'], false, 1],
  [['yess', 'yes'], false, 1],
  [[undefined, 'yes'], false, 1],
])(
  'to the answers %j the question says %s, asked %i times: only the whole word is a yes',
  async (answers, yes, times) => {
    const left = [...answers]
    let asked = 0
    const ask = async () => {
      asked += 1
      return left.shift()
    }
    expect([await saysYes({ ask }, 'Go on? '), asked]).toEqual([yes, times])
  },
)
