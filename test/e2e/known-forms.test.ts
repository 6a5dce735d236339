import { expect, test } from 'vitest'
import { openLab, workflowFor } from '../lab/lab.ts'

const LINES = ['vlan 998', '   name TESTED', 'interface Ethernet2', '   mtu 9000 9001']
const KNOWN = 'interface <interface>\n   mtu <int> <int>\n'
const DOUBT = /nothing is expected behind `mtu 9000`/

test('a form that a project vouches for is not doubted, and its file is judged', async () => {
  const lab = openLab({ workflow: workflowFor('leaf1', { lines: LINES }) })
  const doubted = async () => DOUBT.test((await lab.eosflow('validate workflow.yaml')).out)
  expect(await doubted()).toBe(true)
  lab.write('syntax/known.txt', KNOWN)
  expect(await doubted()).toBe(false)
  expect((await lab.eosflow('validate syntax/known.txt')).out).toMatch(/syntax\/known\.txt.*2 forms/)

  lab.write('syntax/known.txt', 'mtu <many>\n')
  const { code, err } = await lab.eosflow('validate syntax/known.txt')
  expect([code, err]).toEqual([3, expect.stringContaining('syntax/known.txt:1:5: `<many>` is no value')])
  expect((await lab.eosflow('plan workflow.yaml')).err).toContain('syntax/known.txt:1:5')
})

test('a plan is of the forms that were vouched for: with others it is another plan', async () => {
  const lab = openLab()
  lab.write('syntax/known.txt', KNOWN)
  const planned = await lab.eosflow('plan workflow.yaml -o a.plan')
  const digest = /Digest: (\S+)/.exec(planned.out)?.[1] ?? planned.out
  lab.write('syntax/known.txt', `${KNOWN}ntp serer <ip>\n`)
  const { code, err } = await lab.eosflow(`run a.plan --approve ${digest}`)
  expect([code, err]).toEqual([5, expect.stringContaining('changed')])
})
