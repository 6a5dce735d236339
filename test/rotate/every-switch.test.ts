// @module-tag long
import { expect, test } from 'vitest'
import { shows } from '../lab/exits.ts'
import { PATH, PENDING, type RotationLab, rotation, rotationLab } from './rotation-lab.ts'

test('a rotation that is not for every switch of its login is refused before anything is made', async () => {
  const made = rotationLab()
  made.lab.write('one.yaml', rotation('leaf1'))
  const why = `eosflow logs in to leaf2 with ${PATH}#password too, and the change is not for it`
  await shows(10, made.lab.eosflow('plan one.yaml'), why)
  expect(made.written).toEqual([])
})

test('a switch of the login that was left out as unreachable keeps the old secret: it is not replaced in Vault', {
  tags: 'turn',
}, async () => {
  const made: RotationLab = rotationLab()
  made.lab.fault({ device: 'leaf2', kind: 'unreachable', for: 3600 })
  await shows(8, made.lab.eosflow('plan workflow.yaml --skip-unreachable -o change.plan'), 'leaf2')
  await made.lab.ok('approve change.plan')
  const { code, out, err } = await made.lab.eosflow('run change.plan')
  expect([made.opens('leaf1'), made.opens('leaf2')], out + err).toEqual([['pending'], ['before', 'current']])
  expect(made.vault.kv.get(PATH)).toHaveLength(1)
  expect([code, (out + err).replace(/\s+/g, ' ')]).toEqual([
    expect.anything(),
    expect.stringContaining(
      `left over: secret ${PATH}#password in vault: leaf1: the new secret (version 1 of ${PENDING}); leaf2: one of both`,
    ),
  ])
})

const SHARED = 'kv/data/net/netops'
const ofNetops = (target: string) =>
  rotation(target).replace('username admin', 'username netops').replaceAll(`${PATH}#`, `${SHARED}#`)

/** A lab in which leaf2 lets nobody log in anew for a minute behind its timed commit. */
function withoutNewLogin() {
  const made = rotationLab({
    before: (lab, device, commands) => {
      if (device === 'leaf2' && commands.some((one) => / commit timer /.test(one)))
        lab.fault({ device: 'leaf2', kind: 'no-new-login', for: 60 })
    },
  })
  made.vault.kv.set(SHARED, [{ data: { password: 'of-netops-before' } }])
  return made
}

/** Writes a workflow, plans it and approves the plan. */
async function approved({ lab }: RotationLab, name: string, workflow: string) {
  lab.write(`${name}.yaml`, workflow)
  await lab.ok(`plan ${name}.yaml -o ${name}.plan`)
  await lab.ok(`approve ${name}.plan`)
}

test('two changes do not put one secret onto switches at once: one that is put back would destroy what the other keeps', {
  tags: ['long', 'turn'],
}, async () => {
  const made = withoutNewLogin()
  for (const name of ['leaf1', 'leaf2']) await approved(made, name, ofNetops(name))
  const ends = await Promise.all(['leaf1', 'leaf2'].map((name) => made.lab.eosflow(`run ${name}.plan`)))
  const said = ends.map(({ out, err }) => out + err)
  expect(made.vault.kv.get(SHARED)?.at(-1)?.data?.password).toBe(
    made.vault.kv.get(SHARED)?.length === 1 ? 'of-netops-before' : expect.anything(),
  )
  expect(said.some((one) => / in vault is rotated by execution \S+ too, which has not ended/.test(one))).toBe(true)
})

test('a pending secret that a switch of an earlier change has is not destroyed where a later change of another switch is put back', {
  tags: ['long', 'turn'],
}, async () => {
  const made = withoutNewLogin()
  const run = async (name: string, workflow: string) => {
    await approved(made, name, workflow)
    const { out, err } = await made.lab.eosflow(`run ${name}.plan`)
    return (out + err).replace(/\s+/g, ' ')
  }
  const tolerant = 'rollout: { waves: [1, 1], atomic: device, maxFailures: 1 }'
  const both = ofNetops('leaf1 or leaf2').replace('allow: [users]\n', `allow: [users]\n${tolerant}\n`)
  expect(await run('both', both)).toContain('leaf1: the new secret (version 1 of kv/data/net/netops.pending)')
  await made.lab.clock.advance(60_000)
  expect(await run('later', ofNetops('leaf2'))).toMatch(
    /version 1 of kv\/data\/net\/netops.pending stays, because switches of execution \S+ may have it/,
  )
  expect(made.vault.kv.get(`${SHARED}.pending`)?.at(-1)?.data?.secret).toMatch(/^\w{32}$/)
})
