import { expect, test } from 'vitest'
import { exits, openLab } from '../lab/lab.ts'
import { inProcess } from './in-process.ts'

test('drift counts what is as a snapshot has it apart from what a change confirmed', async () => {
  const lab = openLab()
  await lab.ok('snapshot take base -t', 'leaf1 or leaf2')
  await exits(0, lab.change())
  const { out } = await lab.eosflow('drift -t', 'leaf1 or leaf2 or leaf3')
  expect(out).toContain(
    'Drift: 3 switches, 2 compared: 0 differ, 1 as confirmed, 1 as in a snapshot and confirmed by no change; 1 never confirmed\n',
  )
})

test('of many open executions the doctor names three, and counts the rest', async () => {
  const lab = openLab()
  for (let begun = 0; begun < 5; begun += 1) await exits(12, lab.eosflow('run workflow.yaml --detach'))
  const { out } = await lab.eosflow('doctor')
  expect(out.match(/! execution \S+ has not ended/g)).toHaveLength(3)
  // What is next depends on what it waits for, which its page says.
  expect(out.match(/has not ended\n.*eosflow show \S+/g)).toHaveLength(3)
  expect(out).toMatch(/! 2 more executions have not ended\n.*eosflow executions --state open/)
})

test.skipIf(process.getuid?.() !== 0)(
  '[U26] who runs as root reads it where somebody asks who they are or decides, and at no other command',
  async () => {
    const lab = openLab()
    for (const argv of [['plan', 'workflow.yaml'], ['executions']]) {
      const { out, err } = await exits(0, lab.agreed(...argv))
      expect(out + err).not.toContain('as root')
    }
    await exits(0, lab.agreed('plan workflow.yaml -o vlan.plan'))
    for (const decision of ['approve', 'reject']) {
      const { err } = await exits(0, lab.agreed(decision, 'vlan.plan'))
      expect(err.match(/^! running as root: the record names root, no person; use your own account$/gm)).toHaveLength(1)
    }
    expect((await lab.eosflow('doctor')).out).toContain(
      '! running as root: the record names root, no person; use your own account\n',
    )
    expect((await inProcess('whoami')).stderr).toBe(
      '! running as root: the record names root, no person; use your own account\n',
    )
  },
)
