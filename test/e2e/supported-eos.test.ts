import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SUPPORTED_EOS, supportOf } from '../../src/model/supported-eos.ts'
import { exits, isSaved, type Lab, openLab, whereIs, workflowFor } from '../lab/lab.ts'

test.each([
  ['4.18.10M', 'too-old'],
  ['4.21.1.1F', 'too-old'],
  ['4.22.1F', 'too-old'],
  ['4.23.0.1F', 'supported'],
  ['4.31.4M', 'supported'],
  ['4.34.2F-43232954.4342F.1 (engineering build)', 'supported'],
  ['4.36.0.1F', 'supported'],
  ['4.37.0F', 'newer'],
  ['vEOS', 'unknown'],
])('EOS %s is %s', (eos, support) => {
  expect(supportOf(eos)).toBe(support)
})

test('[U16] the README names the versions that doctor and plan take', () => {
  expect(SUPPORTED_EOS).toBe('EOS 4.23 to 4.36')
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(SUPPORTED_EOS)
  expect([...readme.matchAll(/EOS 4\.\d+ to 4\.\d+/g)].map(([found]) => found)).toEqual([SUPPORTED_EOS])
})

/** A lab in which leaf1 says from some moment on that it runs EOS 4.22.1F. */
function lateLab(isOld: () => boolean, workflow = workflowFor('leaf1')) {
  return openLab({
    workflow,
    hears: (_, answer) =>
      isOld() ? { ...answer, body: answer.body.replaceAll('"version":"4.31.4M"', '"version":"4.22.1F"') } : answer,
  })
}

const writes = (lab: Lab) =>
  lab.fabric
    .device('leaf1')
    .requests()
    .flatMap(({ commands }) => commands.filter((one) => one.startsWith('configure')))

test('[G113] [U16] a switch whose EOS is too old is not planned: nothing is opened on it', async () => {
  const lab = lateLab(() => true)
  const { out, err } = await lab.exits(10, 'plan workflow.yaml')
  expect(out + err).toContain('leaf1: EOS 4.22.1F is too old to be changed')
  expect(out + err).toContain('eosflow changes EOS 4.23 to 4.36')
  expect(writes(lab)).toEqual([])
})

test('[U16] one that shows itself as too old behind the plan is not changed', async () => {
  let isPlanned = false
  const lab = lateLab(() => isPlanned)
  await lab.ok('plan workflow.yaml -o change.plan')
  isPlanned = true
  const before = writes(lab).length
  const { out, err } = await exits(10, lab.agreed('run change.plan'))
  expect(out + err).toContain('leaf1: EOS 4.22.1F is too old to be changed')
  expect(writes(lab)).toHaveLength(before)
})

test('[U16] a change that was made is rolled back whatever the switch says that it runs', {
  tags: 'long',
}, async () => {
  let isDone = false
  const lab = lateLab(() => isDone)
  await exits(0, lab.change())
  const [, id = ''] = /execution (\S+)/.exec(lab.printed) ?? []
  isDone = true
  await exits(0, lab.agreed(`rollback ${id}`))
  const leaf1 = lab.device('leaf1')
  expect([whereIs(leaf1), isSaved(leaf1)]).toEqual(['BEFORE', true])
})

test('[U16] what is live is put back whatever the switch says that it runs', { tags: 'long' }, async () => {
  const isArmed = () => lab.commits('leaf1').timed > 0
  const verify = '{ within: 6s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [997] } }] }'
  const lab: Lab = lateLab(() => isArmed(), workflowFor('leaf1', { verify }))
  await exits(6, lab.change())
  const leaf1 = lab.device('leaf1')
  expect([whereIs(leaf1), isSaved(leaf1)]).toEqual(['BEFORE', true])
})
