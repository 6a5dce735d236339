import { reachable } from '../../../../src/eos/check/builtin/reachable.ts'
import { checkTable } from '../check-table.ts'

checkTable(
  reachable,
  {
    'the look of this round was answered': {
      replies: [],
      verdict: { status: 'pass', facts: ['answered over a new connection'] },
    },
  },
  { asksNothing: true },
)
