import { expect, test } from 'vitest'
import { openLeaves } from '../doors/cli/running.ts'
import { exits } from '../lab/lab.ts'

test('[F17] a second change of a switch waits until the first is settled: exit 9, and nothing is sent', {
  tags: 'long',
}, async () => {
  const bench = await openLeaves(1)
  const device = bench.device('leaf1')
  await bench.fault({ device: 'leaf1', kind: 'slow', before: 1, command: '^show interfaces status$|^show vlan' })
  const first = bench.eosflowWith({ answers: ['yes'] }, 'run workflows/add-vlan.yaml -p vlan=120')
  while (device.counters().commits.timed === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  const sent = device.counters().requests

  const second = await bench.eosflow('run workflows/add-vlan.yaml -p vlan=130')

  expect(second.code).toBe(9)
  expect(second.err).toMatch(/^✖ busy: execution (\S+) is not settled and holds leaf1\n {4}eosflow resume \1\n$/)
  expect(
    device
      .requests()
      .slice(sent)
      .filter(({ kind }) => kind === 'write'),
  ).toEqual([])
  await exits(0, first)
})
