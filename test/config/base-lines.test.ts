import { expect, test } from 'vitest'
import { settleByBase } from '../../src/config/guard.ts'

const RUNNING = `alias log bash sudo tail -f /var/log/messages
alias Wipe
   10 bash timeout 9 rm -rf /mnt/flash
!
hostname leaf1
newfeature on
end
`

const unknown = (line: string) => ({ line, because: 'unknown', isAllowed: true }) as const

test.for([['log'], ['log now'], ['no log now'], ['wipe'], ['WIPE all']])(
  'a line that begins with a name which the switch gives to commands is refused, whatever is allowed: %s',
  ([line = '']) => {
    expect(settleByBase([unknown(line), unknown('otherfeature on')], RUNNING)).toMatchObject({
      refused: [{ line, because: 'alias', isAllowed: false }],
      unknown: ['otherfeature on'],
    })
  },
)

test('a line that only begins alike, or that the switch has itself, is none', () => {
  expect(settleByBase([unknown('logs on'), unknown('newfeature on')], RUNNING)).toMatchObject({
    refused: [],
    unknown: ['logs on'],
  })
})
