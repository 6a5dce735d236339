import { expect, test } from 'vitest'
import { openLab, warns } from '../lab/lab.ts'

test.each(['evening\nleaf9', 'evening\u001b[2J', 'evening\u202egninrom', 'x'.repeat(101), '@latest', ' evening'])(
  'a snapshot is not called %j: its name is listed, and typed again',
  async (name) => {
    const lab = openLab()
    await warns(
      3,
      lab.eosflow('snapshot take', name, '-t', 'leaf1'),
      'the name of a snapshot is one line of plain text',
    )
    expect(lab.fabric.device('leaf1').requests()).toEqual([])
    expect((await lab.eosflow('snapshot list')).out).not.toContain('evening')
  },
)

test.each(['before the upgrade', 'é-1', 'CHG-4711'])('a snapshot may be called %j', async (name) => {
  const lab = openLab()
  await lab.ok('snapshot take', name, '-t', 'leaf1')
  expect((await lab.eosflow('snapshot list')).out).toContain(name)
})
