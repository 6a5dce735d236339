// @module-tag long
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  builtCommand,
  DC1,
  isSaved,
  openLab,
  type RunningProcess,
  type SocketLab,
  startProcess,
  whereIs,
  workflowFor,
} from '../lab/lab.ts'

/** A plan that is approved, and what runs it with the built command. */
async function approved(): Promise<SocketLab> {
  const verify = '{ within: 20s, stableFor: 4s, every: 1s, checks: [reachable] }'
  const bench = await openLab({
    world: 'sockets',
    switches: { folder: DC1 },
    files: { 'workflow.yaml': workflowFor('leaf1', { verify }) },
  })
  await bench.eosflow('plan workflow.yaml -o change.plan')
  await bench.eosflow('approve change.plan')
  return bench
}

/** Has a process end its work in some way once the change of leaf1 is under its commit timer. */
async function struck({ dir, fabric }: SocketLab, strike: (running: RunningProcess) => unknown) {
  const running = startProcess(dir, builtCommand('run', 'change.plan'))
  while (fabric.device('leaf1').counters().commits.timed === 0 && running.child.exitCode === null) await pause(5)
  await running.said(/leaf1: committed under its timer/)
  await strike(running)
  return running.ended
}

test.each<[string, (running: RunningProcess) => unknown]>([
  ['SIGHUP', ({ child }) => child.kill('SIGHUP')],
  ['SIGINT', ({ child }) => child.kill('SIGINT')],
])('[F30] [P10] a real process that gets %s puts its change back', async (_, strike) => {
  const bench = await approved()
  const { code, err } = await struck(bench, strike)
  const leaf1 = bench.device('leaf1')
  expect([code, whereIs(leaf1), isSaved(leaf1)], err).toEqual([11, 'BEFORE', true])
  expect(leaf1.counters().commits).toEqual({ plain: 0, timed: 1, confirms: 0 })
})

test('[F30b] a real process that gets SIGINT twice leaves at once, and says what its switch is under', async () => {
  const bench = await approved()
  const { code, err } = await struck(bench, async ({ child }) => {
    child.kill('SIGINT')
    // Two signals within 250 ms are one press.
    await pause(300)
    child.kill('SIGINT')
  })
  const [, place = ''] = /^left at once: leaf1: (.+)\. Next: eosflow resume /m.exec(err) ?? []
  const isArmed = bench.device('leaf1').switch.sessions.timer !== undefined
  expect([code, place !== '', place.includes('commit timer')], err).toEqual([130, true, isArmed])
  await bench.eosflow('resume')
})

test.runIf(existsSync('/dev/full'))('[G66] output to a full disk is lost alone (needs /dev/full)', async () => {
  const bench = await approved()
  const full = ['sh', '-c', '"$@" >/dev/full 2>/dev/full', 'sh', ...builtCommand('run', 'change.plan')] as const
  const { code } = await startProcess(bench.dir, full).ended
  expect([code, bench.whereIs('leaf1')]).toEqual([0, 'AFTER'])
})
