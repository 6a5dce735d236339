import { expect, test } from 'vitest'
import { settleByBase } from '../../../src/eos/config/guard/guard.ts'

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
  '[P15] a line that begins with a name which the switch gives to commands is refused, whatever is allowed: %s',
  ([line = '']) => {
    expect(settleByBase([unknown(line), unknown('otherfeature on')], RUNNING)).toMatchObject({
      refused: [{ line, because: 'alias', isAllowed: false }],
      unknown: ['otherfeature on'],
    })
  },
)

test('what an agent runs with passes where the switch has the very line, and no `allow` lets another one through', () => {
  const own = 'agent KernelFib environment KERNELFIB_PROGRAM_ALL_ECMP=1'
  const other = 'agent Bgp environment LD_PRELOAD=/mnt/flash/x.so'
  const asked = [own, `no ${own}`, other].map((line) => ({ line, because: 'privileged', isAllowed: false }) as const)
  expect(settleByBase(asked, `${own}\n${RUNNING}`)).toMatchObject({ refused: [{ line: other }], unknown: [] })
})

test('a line that only begins alike, or that the switch has itself, is none', () => {
  expect(settleByBase([unknown('logs on'), unknown('newfeature on')], RUNNING)).toMatchObject({
    refused: [],
    unknown: ['logs on'],
  })
})
