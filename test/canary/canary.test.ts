import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '../../src/doors/cli/usage/commands.ts'

/** Commands that are run nowhere in these scenarios, and why no secret can come out of them. */
const NOT_RUN: Readonly<Record<string, string>> = {
  completion: 'prints a script of the shell; what it offers are names',
  'inventory read': 'prints an inventory of another tool as that tool does, for whoever has its files and passwords',
  'ci init': 'writes pipelines',
  'comment github': 'needs a forge: test/features/forge looks for the token in what it prints',
  'comment gitlab': 'needs a forge: test/features/forge looks for the token in what it prints',
  init: 'writes the example project',
  demo: 'runs on the example project, whose logins are invented',
  test: 'runs on simulated switches, whose logins are invented',
  rehearse: 'runs on simulated switches, whose logins are invented',
  'policy init': 'prints the names of the tests that it has written',
  'policy test': 'runs the table of the policy file',
  'policy retire': 'says who has retired which policy: its words are those of the record',
  'audit accept-clock': 'says two times',
  login: 'needs an identity provider: its tokens are searched for where it is tested',
  logout: 'needs an identity provider: its tokens are searched for where it is tested',
  serve: 'answers until it is stopped: what it answers is scrubbed in one place, which its own tests search',
  drain: 'needs workers: says which of them drain',
  'store check': 'needs a server of PostgreSQL: says how that is set',
  'store init': 'needs a server of PostgreSQL: what it prints are statements with names of roles',
  'store migrate': 'needs a server of PostgreSQL: says numbers of layouts',
  'trust add': 'prints a name, a local user and the fingerprint of a public key',
  'trust project': 'prints the name of a folder',
  worker: 'drives what the commands above begin; what it records is what they record',
  workers: 'needs a server of PostgreSQL: names of workers, and when they were heard last',
  'store accept-loss': 'needs a server of PostgreSQL: says numbers of records and names of executions',
  'store move': 'needs a server of PostgreSQL: what it copies is what is in the store, which is searched',
  'sim start': 'serves a fabric, whose logins are invented',
  'sim status': 'asks the simulator',
  'sim fault': 'asks the simulator',
  'sim learn': 'reads a recording, of which a test says that no secret is in it, and a fabric',
  mcp: 'its tools answer what commands above and routes of the server do; test/doors/agents/hostile.test.ts looks for secrets in them',
  'notify deliver': 'sends what the record has; test/features/notify looks for secrets in what targets are sent',
  'notify test': 'sends words of its own; test/features/notify looks for secrets in what targets are sent',
  'schedule end': 'says the name that it was given, or that there is none',
  'schedule list': 'says what the settings and the record have',
  'schedule run': 'does what commands above do, and says what the record has',
}

test('every command is looked at, or has a reason why not', () => {
  const scenario = readFileSync(new URL('scenario.ts', import.meta.url), 'utf8')
  const names = commands.map(({ usage }) => usage.replace(/ [[<].*/, ''))
  const missing = names.filter((name) => !new RegExp(`['\`]${name}(?:[ '\`])`).test(scenario))
  expect(names.length).toBeGreaterThan(40)
  expect(missing.sort()).toEqual(Object.keys(NOT_RUN).sort())
})
