import { describe, expect, test } from 'vitest'
import { exits } from '../lab/exits.ts'
import { startLab } from './in-memory.ts'
import { whereIs, workflowFor } from './vlan-change.ts'

const verifying = (check: object): string =>
  `{ within: 20s, stableFor: 0s, every: 2s, checks: [${JSON.stringify(check)}] }`

/** What a person writes by mistake, and what a switch says to it. */
const MISTAKES = [
  [
    'misspelt',
    { assert: { command: 'show ip bgp sumary', that: 'true' } },
    "`show ip bgp sumary`: Invalid input (at token 3: 'sumary')",
  ],
  [
    'abbreviated',
    { assert: { command: 'show run int Et9', format: 'text', that: 'true' } },
    "`show run int Et9`: Incomplete token (at token 1: 'run')",
  ],
  [
    'without a model',
    { assert: { command: 'show clock', that: 'true' } },
    '`show clock`: This is an unconverted command',
  ],
] as const

describe('a command that a switch refuses is refused before the push', () => {
  test.each(MISTAKES)('%s, by plan and by run', async (_what, check, says) => {
    const lab = startLab({ workflow: workflowFor('leaf1 or leaf3', { verify: verifying(check) }) })
    const planned = await exits(10, lab.eosflow('plan', 'workflow.yaml'))
    expect(planned.err).toContain(says)
    expect(planned.err).toMatch(/workflow\.yaml:11:\d+: leaf1 and leaf3 refuse/)
    await exits(10, lab.change())
    expect(lab.fabric.devices.map(whereIs).filter((where) => where === 'AFTER')).toEqual([])
  })
})
