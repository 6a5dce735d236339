// @module-tag long
import { expect, test } from 'vitest'
import { shows } from '../lab/exits.ts'
import { flat, PATH, PENDING, type RotationLab, rotation, rotationLab } from './rotation-lab.ts'

/** A rotation during which Vault says nothing any more from the timed commit on. */
function silentFromCommit(workflow = rotation('leaf1')) {
  let isSilent = false
  const made: RotationLab = rotationLab({
    workflow,
    before: (_, device, commands) => {
      isSilent ||= device === 'leaf1' && commands.some((one) => / commit timer /.test(one))
    },
  })
  made.fault = () => (isSilent ? 'away' : undefined)
  return made
}

test('[T15] Vault is away from the timed commit on: both logins are known, the new one is proved, and the end names that it is not current', async () => {
  const made = silentFromCommit()
  await shows(8, made.lab.change(), ': succeeded, and a secret is left over · 1 switch')
  expect(made.opens('leaf1')).toEqual(['pending'])
  expect(made.vault.kv.get(PENDING)).toHaveLength(1)
})

test('Vault is away from the timed commit on, and the change is not good: put back and read back', {
  tags: ['long', 'turn'],
}, async () => {
  const made = silentFromCommit(rotation('leaf1').replace('{{ rotated.sha512 }}', WRONG))
  await shows(6, made.lab.change(), 'rolled back')
  expect(made.opens('leaf1')).toEqual(['before', 'current'])
  expect(made.vault.kv.get(PATH)).toHaveLength(1)
})

/** The hash of a password that nobody knows. */
const WRONG = `$6$abcdefghijklmnop$${'x'.repeat(86)}`

test('[T15] killed under the commit timer, and resumed while Vault is away: nobody calls the switch unknown, and the next resume goes on', {
  tags: 'long',
}, async () => {
  const made = rotationLab({ workflow: rotation('leaf1') })
  await made.lab.killAt('after-arm')
  made.fault = () => 'away'
  const first = flat(await shows(7, made.lab.resume(), 'Vault does not answer'))
  expect(first).toContain('Not settled: leaf1. A running commit timer puts an unconfirmed change back')
  expect(first).not.toContain('UNKNOWN')
  made.fault = () => undefined
  await shows(6, made.lab.resume(), / network as before\n[\s\S]*: rolled back · 1 switch: 1 put back\n/)
  expect([made.opens('leaf1'), made.isSaved('leaf1')]).toEqual([['before', 'current'], true])
})
