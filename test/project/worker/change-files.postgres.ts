import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startTeam } from './team.ts'

const changeOf = (vlan: number, more = '') =>
  `version: 1\nworkflow: ./vlan.yaml\nparams: { vlan: ${vlan} }\nticket: CHG-1234\n${more}`

test('a change file is made by workers once, as it was published, and only within its window', {
  tags: 'turn',
  timeout: 240_000,
}, async () => {
  const team = await startTeam(2)
  onTestFinished(() => team.close())
  await team.worker()
  const write = (name: string, text: string) => writeFileSync(join(team.dir, `changes/${name}.yaml`), text)
  mkdirSync(join(team.dir, 'changes'))
  write('first', changeOf(310))
  write('second', changeOf(311, 'after: [first]\n'))
  write('later', changeOf(312, "notBefore: '2099-01-01T00:00:00Z'\n"))
  const ask = async (code: number, ...argv: readonly string[]) => {
    const ended = await team.eosflow(...argv)
    const said = ended.out + ended.err
    expect(ended.code, `${argv.join(' ')}: ${said}`).toBe(code)
    return said
  }
  const executions = async () => JSON.parse((await team.eosflow('executions --json')).out).executions.length
  // Nothing is published yet: the files are those of the folder.
  expect(await ask(9, 'run', 'changes/second.yaml', '--detach')).toContain('changes/first.yaml')
  expect(await ask(9, 'run', 'changes/later.yaml', '--detach')).toContain('changes no switch before 2099-01-01')
  await ask(12, 'run', 'changes/first.yaml', '--detach')
  await ask(0, 'approve', '@latest')
  await ask(0, 'watch', '@latest')
  expect(await executions()).toBe(1)
  expect(await ask(0, 'run', 'changes/first.yaml', '--detach')).toContain('succeeded')
  expect(await executions()).toBe(1)
  expect(await ask(0, 'history', '@latest')).toContain('Change file changes/first.yaml')
  // Published, a change is made of the files that were.
  expect(await ask(0, 'publish')).toContain('Published')
  write('second', changeOf(313, 'after: [first]\n'))
  expect(await ask(5, 'run', 'changes/second.yaml', '--detach')).toContain('is not as it is published')
  expect(await executions()).toBe(1)
  await ask(0, 'publish')
  await ask(12, 'run', 'changes/second.yaml', '--detach')
  await ask(0, 'approve', '@latest')
  expect(await ask(0, 'watch', '@latest')).toContain('succeeded')
  expect(await executions()).toBe(2)
})
