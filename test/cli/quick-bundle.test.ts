// @module-tag long
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { exits, json } from '../lab/exits.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { eosflow } from './eosflow.ts'
import { inProcess } from './in-process.ts'

const QUICK = fileURLToPath(new URL('../../dist/cli/quick.cjs', import.meta.url))
const ASK = fileURLToPath(new URL('../../dist/cli/ask.cjs', import.meta.url))
const LOOK = fileURLToPath(new URL('../../dist/cli/look.cjs', import.meta.url))

/** An inventory of a switch at which nothing listens. */
const NOBODY_LISTENS = `credentials: { sim: { username: admin, password: admin, simulated: true } }
devices:
  leaf1: { host: 127.0.0.1, port: 9, protocol: http, credentials: sim }
`

function folder() {
  const dir = temporaryFolder({
    'hosts.yml': 'all:\n  children:\n    LEAVES:\n      hosts:\n        lf1: { asn: 65101 }\n        lf2:\n',
    'group_vars/LEAVES.yml': 'ntp: [192.0.2.1]\ndomain: "{{ inventory_hostname }}.example"\n',
    'bad.yml': 'all:\n  hosts: [lf1\n',
    'hosts.csv': 'name,role\nlf1,leaf\n',
    'eosflow.yaml': '',
    'inventory.yaml': 'devices: {}\n',
  })
  return dir
}

test.each(
  everyNthOfLong(4, 'lines of `inventory read`', [
    [['ansible', 'hosts.yml'], 0],
    [['ansible', 'hosts.yml', '--rendered', '--limit', 'lf2'], 0],
    [['ansible', 'hosts.yml', '--limit', 'nobody'], 3],
    [['ansible', 'bad.yml'], 3],
    [['ansible', 'bad.yml', '--json'], 3],
    [['ansible', 'missing.yml', '-v'], 3],
    [['csv', 'hosts.csv'], 0],
    [['ansibel', 'hosts.yml'], 3],
    [['ansible'], 3],
    [['ansible', 'hosts.yml', '--no-such-flag'], 3],
    [['ansible', 'hosts.yml', '-i', 'hosts.yml', '--json'], 3],
    [['--help'], 0],
  ] as [string[], number][]),
)('the quick bundle and the modules answer `inventory read` alike: %j', async (given, code) => {
  expect(existsSync(QUICK) && existsSync(`${QUICK}.code`)).toBe(true)
  const cwd = folder()
  const words = ['inventory', 'read', ...given]
  const quick = await eosflow([...words, '--no-color'], { cwd })
  const whole = await inProcess(['--no-color', ...words], cwd)
  expect({ code: quick.code, stdout: quick.stdout, stderr: quick.stderr }).toEqual({
    code,
    stdout: whole.stdout,
    stderr: whole.stderr,
  })
  expect(quick.stdout + quick.stderr).not.toBe('')
})

test.each(
  everyNthOfLong(3, 'lines that are completed', [
    [['inven']],
    [['inventory', 'r']],
    [['inventory', 'show', '']],
    [['run', '']],
    [['plan', '-t', '']],
    [['show', '']],
  ]),
)('the quick bundle completes as the modules do: %j', async (words) => {
  const cwd = folder()
  const quick = await eosflow(['__complete zsh', ...words], { cwd })
  const modules = await inProcess(['__complete zsh', ...words], cwd)
  expect([quick.code, quick.stdout, quick.stderr]).toEqual([0, modules.stdout, modules.stderr])
})

test.each(
  everyNthOfLong(2, 'lines of `ask`', [
    [['show version'], 10],
    [['show version', '--json'], 10],
    [['show version', '-t', 'nobody'], 3],
    [['show version', '--csv', 'out.csv'], 3],
    [['reload now'], 3],
    [['show version', '--no-such-flag'], 3],
    [[], 3],
    [['--help'], 0],
  ] as [string[], number][]),
)('the bundle of `ask` and the modules answer alike: %j', { tags: 'night' }, async (given, code) => {
  expect(existsSync(ASK) && existsSync(`${ASK}.code`)).toBe(true)
  const cwd = folder()
  writeFileSync(join(cwd, 'inventory.yaml'), NOBODY_LISTENS)
  const built = await eosflow(['ask', ...given, '--no-color'], { cwd })
  const whole = await inProcess(['--no-color ask', ...given], cwd)
  expect(built).toEqual({ code, stdout: whole.stdout, stderr: whole.stderr })
  expect(built.stdout + built.stderr).not.toBe('')
})

test.each(
  everyNthOfLong(4, 'lines that look at the record', [
    [['show', 'ID'], 0],
    [['show', 'ID', '--json'], 0],
    [['show', 'ID', '--html', '-'], 0],
    [['show', 'nothing'], 3],
    [['show', 'ID', '--no-such-flag'], 3],
    [['show', '@latest'], 3],
    [['executions'], 0],
    [['executions', '--json'], 0],
    [['plans'], 0],
    [['history', 'ID'], 0],
    [['audit', 'verify'], 0],
    [['audit', 'verify', 'missing.html'], 3],
    [['show', '--help'], 0],
  ] as [string[], number][]),
)('the bundle of what looks at the record and the modules answer alike: %j', async (words, code) => {
  expect(existsSync(LOOK) && existsSync(`${LOOK}.code`)).toBe(true)
  const cwd = folder()
  writeFileSync(join(cwd, 'inventory.yaml'), NOBODY_LISTENS)
  const lines =
    'change: { mode: merge, lines: [vlan 7] }\nsteps: [snapshot, plan, approve, { push: { confirmWithin: 5m } }, { verify: { within: 60s, checks: [reachable] } }, confirm]\n'
  writeFileSync(join(cwd, 'vlan.yaml'), `name: vlan\ntargets: '*'\n${lines}`)
  await exits(10, eosflow('plan vlan.yaml', { cwd }))
  const { executions } = await json(eosflow('plans --json', { cwd }))
  const given = words.map((word) => (word === 'ID' ? String(executions[0]?.id) : word))
  const built = await eosflow([...given, '--no-color'], { cwd })
  const whole = await inProcess(['--no-color', ...given], cwd)
  expect([built.code, unaged(built.stdout), built.stderr]).toEqual([code, unaged(whole.stdout), whole.stderr])
  expect(built.stdout + built.stderr).not.toBe('')
})

/** Without what is another one in each look: what was signed anew, and the row that says that a record has left. */
const unaged = (text: string) => text.replace(/[0-9a-f]{64}/g, '')

test('each answers what it is there for: a stack trace names its file', { tags: 'night' }, async () => {
  // A flag before the command is no quick start: that line is answered by the bundle of the whole program.
  const words = ['inventory', 'read', 'ansible', 'missing.yml', '-vv']
  const [quick, asked, whole] = await Promise.all([
    eosflow(words),
    eosflow(['ask', 'show version', '-C', 'missing', '-vv']),
    eosflow(['--no-color', ...words]),
  ])
  expect(quick.stderr).toMatch(/dist\/cli\/quick\.cjs/)
  expect(quick.stderr).not.toMatch(/program\.cjs/)
  expect(asked.stderr).toMatch(/dist\/cli\/ask\.cjs/)
  expect(whole.stderr).toMatch(/dist\/cli\/program\.cjs/)
})
