// @module-tag long
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../../extent.ts'
import { exits, inProcess, json, ROOT, temporaryFolder } from '../../lab/lab.ts'
import { eosflow } from './eosflow.ts'

/** A project with a switch at which nothing listens. */
const folder = () =>
  temporaryFolder({
    'hosts.yml': 'all:\n  children:\n    LEAVES:\n      hosts:\n        lf1: { asn: 65101 }\n        lf2:\n',
    'group_vars/LEAVES.yml': 'ntp: [192.0.2.1]\ndomain: "{{ inventory_hostname }}.example"\n',
    'bad.yml': 'all:\n  hosts: [lf1\n',
    'hosts.csv': 'name,role\nlf1,leaf\n',
    'eosflow.yaml': '',
    'inventory.yaml': `credentials: { sim: { username: admin, password: admin, simulated: true } }
devices:
  leaf1: { host: 127.0.0.1, port: 9, protocol: http, credentials: sim }
`,
    'vlan.yaml': `name: vlan
targets: '*'
change: { mode: merge, lines: [vlan 7] }
steps: [snapshot, plan, approve, { push: { confirmWithin: 5m } }, { verify: { within: 60s, checks: [reachable] } }, confirm]
`,
  })

/** Lines that each bundle answers, with their exit code. */
const LINES = {
  quick: `0 inventory read ansible hosts.yml
0 inventory read ansible hosts.yml --rendered --limit lf2
3 inventory read ansible hosts.yml --limit nobody
3 inventory read ansible bad.yml
3 inventory read ansible bad.yml --json
3 inventory read ansible missing.yml -v
0 inventory read csv hosts.csv
3 inventory read ansibel hosts.yml
3 inventory read ansible
3 inventory read ansible hosts.yml --no-such-flag
3 inventory read ansible hosts.yml -i hosts.yml --json
0 inventory read --help
0 __complete zsh inven
0 __complete zsh inventory r
0 __complete zsh inventory show ''
0 __complete zsh plan -t ''`,
  look: `0 show ID
0 show ID --json
0 show ID --html -
3 show nothing
3 show ID --no-such-flag
3 show @latest
0 executions
0 executions --json
0 plans
0 history ID
0 audit verify
3 audit verify missing.html
0 show --help`,
  ask: `10 ask show~version
10 ask show~version --json
3 ask show~version -t nobody
3 ask show~version --csv out.csv
3 ask reload~now
3 ask show~version --no-such-flag
3 ask
0 ask --help`,
} as const

describe.each(Object.entries(LINES))('the bundle %s', (name, lines) => {
  test.each(everyNthOfLong(12, `lines of the bundle ${name}`, lines.split('\n')))(
    'and the modules answer alike: %s',
    async (line) => {
      const bundle = join(ROOT, `dist/doors/cli/${name}.cjs`)
      expect(existsSync(bundle) && existsSync(`${bundle}.code`)).toBe(true)
      const cwd = folder()
      let id = ''
      if (name === 'look') {
        await exits(10, eosflow('plan vlan.yaml', { cwd }))
        id = (await json(eosflow('plans --json', { cwd }))).executions[0].id
      }
      const [code, ...typed] = line.replace('ID', id).split(' ')
      const words = typed.map((word) => word.replace('~', ' ').replace("''", ''))
      const flag = words[0] === '__complete' ? [] : ['--no-color']
      const built = await eosflow([...words, ...flag], { cwd })
      const whole = await inProcess([...flag, ...words], cwd)
      expect([built.code, unaged(built.stdout), built.stderr]).toEqual([
        Number(code),
        unaged(whole.stdout),
        whole.stderr,
      ])
      expect(built.stdout + built.stderr).not.toBe('')
    },
  )
})

/** Without what is another one in each look: what was signed anew, and the row that says that a record has left. */
const unaged = (text: string) => text.replace(/[0-9a-f]{64}/g, '')

test('each answers what it is there for: a stack trace names its file', { tags: 'long' }, async () => {
  // A flag before the command is no quick start: that line is answered by the bundle of the whole program.
  const words = ['inventory', 'read', 'ansible', 'missing.yml', '-vv']
  const [quick, asked, whole] = await Promise.all([
    eosflow(words),
    eosflow(['ask', 'show version', '-C', 'missing', '-vv']),
    eosflow(['--no-color', ...words]),
  ])
  expect(quick.stderr).toMatch(/dist\/doors\/cli\/quick\.cjs/)
  expect(quick.stderr).not.toMatch(/program\.cjs/)
  expect(asked.stderr).toMatch(/dist\/doors\/cli\/ask\.cjs/)
  expect(whole.stderr).toMatch(/dist\/doors\/cli\/program\.cjs/)
})
