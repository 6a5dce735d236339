// @module-tag long
import { expect, test } from 'vitest'
import { exits, shows } from '../lab/exits.ts'
import { flat, PATH, PENDING, rotation, rotationLab } from './rotation-lab.ts'

const NOTHING = ': nothing to do, and a secret is left over · 1 switch'

/** A rotation that was confirmed on its switch, and whose secret Vault did not take. */
async function leftOver() {
  const made = rotationLab({ workflow: rotation('leaf1') })
  let isOver = false
  made.fault = ({ method, path }) => {
    isOver ||= method === 'POST' && path === PATH
    return isOver ? 'away' : undefined
  }
  await exits(8, made.lab.change())
  expect([made.opens('leaf1'), made.vault.kv.get(PATH)?.length]).toEqual([['pending'], 1])
  made.fault = () => undefined
  return made
}

test('[T13] the same rotation again, while every switch has the pending secret: nothing is to do there, and Vault is named as different', async () => {
  const made = await leftOver()
  const written = made.written.length
  const said = flat(await shows(8, made.lab.change(), NOTHING))
  expect(said).toContain(
    `left over: secret ${PATH}#password in vault: the switches have the lines of version 1 of ${PENDING} already, and no login has proved it in this change; ${PATH} is of version 1`,
  )
  expect(said).toContain('vault kv patch -mount=kv net/admin password="$(vault kv get -mount=kv -version=1')
  // Nobody has proved it: nothing is written.
  expect([made.opens('leaf1'), made.written.length]).toEqual([['pending'], written])
  // Nothing was sent: it is listed with the plans.
  const { executions } = JSON.parse((await made.lab.eosflow('plans --json')).out) as { executions: { id: string }[] }
  const shown = await made.lab.eosflow('show', String(executions[0]?.id), '--json')
  expect(JSON.parse(shown.out)).toMatchObject({ outcome: 'nothing-to-do', exitCode: 8 })
})

test('[T14] a pending secret that a person has made current is no new one: the next rotation makes another', {
  tags: 'long',
}, async () => {
  const made = await leftOver()
  const first = made.vault.kv.get(PENDING)?.at(-1)?.data?.secret
  made.vault.kv.get(PATH)?.push({ data: { password: first, owner: 'net' } })
  await shows(0, made.lab.change(), 'succeeded')
  expect(made.opens('leaf1')).toEqual(['current'])
  expect(made.vault.kv.get(PATH)?.map(({ data }) => data?.password)).toEqual([
    'admin',
    first,
    expect.stringMatching(/^\w{32}$/),
  ])
  expect(made.vault.kv.get(PATH)?.at(-1)?.data?.password).not.toBe(first)
  expect(made.vault.kv.get(PENDING)?.at(-1)).toEqual({ data: null, destroyed: true })
})

test('lines that every switch has and that give no secret make none current: no switch would take it', async () => {
  const made = rotationLab({ workflow: rotation('leaf1').replace(/username admin [^']*/, 'hostname leaf1') })
  await shows(8, made.lab.change(), NOTHING)
  expect([made.opens('leaf1'), made.vault.kv.get(PATH)?.length]).toEqual([['before', 'current'], 1])
})

test('a rollback of a rotation says that Vault keeps what it has', { tags: ['long', 'turn'] }, async () => {
  const made = rotationLab({ workflow: rotation('leaf1') })
  await exits(0, made.lab.change())
  const { err } = await made.lab.eosflow('rollback @latest --detach')
  expect(err).toContain(
    `secret ${PATH}#password in vault: stays as it is there, a rollback gives the old one to the switches alone: rotate it once more instead\n`,
  )
})
