import { expect, test } from 'vitest'
import { commands } from '../../../../src/doors/cli/usage/commands.ts'
import { exits, fileText, openLab, prints } from '../../../lab/lab.ts'

const DENY = `version: 1
roles: { nobody: { members: ['corp:group:nobody'] } }
rules:
  - { id: nobody, to: [nobody], allow: [execution.read] }
`

/** What each command is called with; those that need a terminal, a server or minutes are left out by name. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  plan: ['workflow.yaml'],
  show: ['@latest'],
  'comment github': ['--pr', '7', '--repo', 'acme/x', '--plan', '@latest'],
  'comment gitlab': ['--mr', '7', '--repo', 'acme/x', '--plan', '@latest'],
  approve: ['@latest'],
  reject: ['@latest'],
  run: ['workflow.yaml'],
  change: ['vlan 3999', '-t', 'leaf1'],
  adopt: ['leaf1'],
  ask: ['show version'],
  'config backup': ['backups'],
  'config restore': ['backups'],
  history: ['@latest'],
  resume: ['@latest'],
  redrive: ['@latest'],
  rollback: ['@latest'],
  stop: ['@latest'],
  suspend: ['@latest'],
  freeze: ['--reason', 'x'],
  unfreeze: ['--reason', 'x'],
  'release-device': ['leaf1', '--reason', 'x'],
  watch: ['@latest'],
  'store backup': ['other.db'],
  'store restore': ['backup.db', '--set-aside', '--reason', 'x'],
  'store seal': ['--keep', '0', '--reason', 'x'],
  'store accept-loss': ['--reason', 'x'],
  'store move': ['.', 'postgres://eosflow@localhost/eosflow', '--reason', 'x'],
  completion: ['bash'],
  'inventory show': ['leaf1'],
  'inventory read': ['csv', 'switches.csv'],
  'snapshot show': ['before'],
  'snapshot diff': ['before', 'before'],
  'check run': ['checks.yaml'],
  'audit export': ['--format', 'jsonl'],
  'audit accept-clock': ['--reason', 'x'],
  'notify test': ['ops'],
  'policy input': ['p.plan'],
  'policy retire': ['--reason', 'x'],
  publish: [],
  'key show': ['plan'],
  'key rotate': ['plan', '--reason', 'x'],
  recover: ['--scan'],
  signal: ['token'],
  record: ['-o', 'recorded'],
  'schedule end': ['after:20260105-080000-01234567', '--reason', 'x'],
}

/** What answers under any policy: what reads files alone, what says who is calling, and what is public. */
const ANSWERS = [
  ...[
    'check list',
    'check show',
    'completion',
    'doctor',
    'policy explain',
    'policy test',
    'schema',
    'validate',
    'whoami',
  ],
  ...['inventory list', 'inventory show', 'inventory graph', 'inventory refresh', 'inventory read'],
]

/** `mcp` waits for an agent, `serve` for whoever comes: test/doors/agents/hostile.test.ts and test/doors/http/withheld.test.ts ask them under policies. */
const LEFT_OUT =
  /^(?:init|login|logout|demo|rehearse|test|mcp|serve|sim .*|states .*|ci init|config .*|policy init|trust add|trust project|check show|check try|approval verify)$/

const nameOf = (usage: string) => usage.replace(/ [<[].*$/, '')

test('[S12] under a policy that lets nobody do anything, no command says anything of what is on record', {
  tags: 'long',
  timeout: 120_000,
}, async () => {
  const lab = openLab()
  await lab.ok('plan workflow.yaml -o p.plan')
  await exits(0, lab.change())
  await lab.ok('snapshot take before')
  await lab.ok('store backup backup.db')
  const { digest } = JSON.parse(fileText(lab.dir, 'p.plan'))
  lab.write('checks.yaml', '- reachable\n')
  lab.write('policy.yaml', DENY)
  const answered: string[] = []
  const unasked: string[] = []
  const names = commands.map(({ usage }) => nameOf(usage)).filter((name) => !LEFT_OUT.test(name))
  for (const name of names) {
    const { code, out, err } = await lab.eosflow(...name.split(' '), ...(ARGUMENTS[name] ?? []))
    if (code === 0) answered.push(name)
    if (ANSWERS.includes(name)) continue
    if (code === 3) unasked.push(name)
    expect([name, code === 0, out + err]).toEqual([name, false, expect.not.stringContaining('confirmed, saved')])
    expect([name, out], err).toEqual([name, ''])
  }
  expect(names.length).toBeGreaterThan(30)
  // What is refused for what it was given was never asked of the policy: a token that is none, a policy that is there, a store that is no database.
  expect(unasked).toEqual([
    'worker',
    'drain',
    'signal',
    'check invariants',
    'policy retire',
    'store init',
    'store check',
    'store migrate',
  ])
  expect(answered.filter((name) => !ANSWERS.includes(name))).toEqual([])
  await prints(0, lab.eosflow('doctor'), 'not looked at: ')
  expect(digest).toMatch(/^sha256:/)
})
