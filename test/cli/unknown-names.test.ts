import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exits, openLab, warns } from '../lab/lab.ts'
import { newProject } from './eosflow.ts'
import { inProcess } from './in-process.ts'

test('a snapshot that there is not is 3, as every unknown name, with the nearest one', async () => {
  const lab = openLab()
  const none = await lab.eosflow('snapshot diff bas')
  expect({ code: none.code, err: none.err }).toEqual({
    code: 3,
    err: '✖ bas: there is no snapshot bas\n    eosflow snapshot take NAME makes one.\n1 problem: nothing was contacted.\n',
  })
  await lab.ok('snapshot take base')
  for (const argv of [
    ['diff', 'bas'],
    ['show', 'bas'],
    ['diff', 'base', 'bas'],
  ]) {
    const { err } = await exits(3, lab.eosflow('snapshot', ...argv))
    expect(err).toBe(
      '✖ bas: there is no snapshot bas\n    did you mean `base`?; eosflow snapshot list lists them\n1 problem: nothing was contacted.\n',
    )
  }
  const { out } = await lab.eosflow('snapshot diff nope --json')
  expect(JSON.parse(out).error.kind).toBe('input')
})

test('a word that is neither an execution nor a plan file is named in words', async () => {
  const dir = await newProject()
  const { stderr } = await exits(3, inProcess('show zzz', dir))
  expect(stderr).toBe(
    '✖ zzz: there is no such execution, and no file of this name\n    nothing has run in this project yet; a saved plan is named by its path\n1 problem: nothing was contacted.\n',
  )
})

test('of executions the newest are named', async () => {
  const lab = openLab()
  await lab.change()
  const { err } = await lab.eosflow('show zzz')
  expect(err).toMatch(
    /^✖ zzz: there is no such execution, and no file of this name\n {4}eosflow executions and eosflow plans list them, the newest are \S+; a saved plan is named by its path\n/,
  )
})

test.each([
  ['nope.yaml', 'there is no such file', 'in this folder: known here: `eosflow.yaml`, `inventory.yaml`'],
  ['inventry.yaml', 'there is no such file', 'in this folder: did you mean `inventory.yaml`?'],
  ['gone/nope.yaml', 'there is no such file', 'There is no folder gone either.'],
  ['nope.json', 'there is no such file', 'Nothing like it is in this folder: check the path.'],
  ['workflows', 'this is a folder, not a file', 'Name the file in it.'],
])('a file that cannot be read is named in words: %s', async (file, message, hint) => {
  const dir = await newProject()
  const { stderr } = await exits(3, inProcess(['check run', file], dir, 200))
  expect(stderr).toBe(
    `✖ ${file}${file.includes('.') ? ':1:1' : ''}: ${message}\n    ${hint}\n1 problem: nothing was contacted.\n`,
  )
})

test('of many names the nearest are named, and how to list all', async () => {
  await warns(
    3,
    inProcess('check show nope', '/', 200),
    /^✖ nope: there is no check `nope`\n {4}the nearest of \d{3}: `\w+`, `\w+`, `\w+`; eosflow check list lists them\n/,
  )
  const ptp = await inProcess('check show ptp', '/', 200)
  expect(ptp.stderr).toContain('`VerifyPtpOffset`, `VerifyPtpGMStatus`, `VerifyPtpLockStatus`')
  const near = await inProcess('check show reachabel', '/', 200)
  expect(near.stderr).toContain('did you mean `reachable`?; eosflow check list lists them')
  const dir = await newProject()
  mkdirSync(join(dir, 'w'))
  const workflow =
    'name: w\ntargets: leaf1\nchange: { lines: [vlan 5] }\nsteps: [snapshot, plan, push, verify: { checks: [nope] }, confirm]\n'
  writeFileSync(join(dir, 'w/w.yaml'), workflow)
  const validated = await inProcess('validate w/w.yaml', dir, 200)
  expect(validated.stderr).toMatch(/there is no check `nope`\n {4}the nearest of \d{3}: /)
})

test.each([
  ['lint', 'validate'],
  ['valdate', 'validate'],
  ['aply', 'apply'],
  ['revert', 'rollback'],
  ['snapshot tak', 'snapshot take'],
  ['help snapshot tak', 'snapshot take'],
])('for the unknown command %s it suggests %s', async (typed, meant) => {
  const { stderr } = await exits(3, inProcess(typed.split(' ')))
  expect(stderr).toBe(
    `✖ ${typed.split(' ').at(-1)}: there is no such command\n    did you mean \`eosflow ${meant}\`?\n`,
  )
})

test.each(['zzzz', 'check zzzz', 'frob', 'x'])('for %s, which is near to none, it suggests none', async (typed) => {
  const { stderr } = await exits(3, inProcess(typed.split(' ')))
  expect(stderr).toBe(
    `✖ ${typed.split(' ').at(-1)}: there is no such command\n    eosflow help all lists the commands\n`,
  )
})
