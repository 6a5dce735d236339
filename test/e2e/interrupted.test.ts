// @module-tag long
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  builtCommand,
  DC1,
  isSaved,
  openLab,
  PUT_BACK_ONCE,
  type RunningProcess,
  type SocketLab,
  startProcess,
  whereIs,
  workflowFor,
} from '../lab/lab.ts'

const hasPython = spawnSync('python3', ['-c', 'import pty; import os; os.waitstatus_to_exitcode']).status === 0

/** Gives a program a terminal, as nothing of Node does. A byte on stdin closes it as a window closes; then the exit code is told. */
const TERMINAL = `
import os, pty, select, sys
pid, master = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
while True:
    ready = select.select([master, 0], [], [])[0]
    if 0 in ready:
        os.close(master)
        break
    try: said = os.read(master, 65536)
    except OSError: break
    if not said: break
    os.write(1, said)
_, status = os.waitpid(pid, 0)
os.write(1, b'\\nexit %d\\n' % os.waitstatus_to_exitcode(status))
`

/** A plan that is approved, and what runs it with the built command. */
async function approved() {
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
async function struck(
  { dir, fabric }: SocketLab,
  strike: (running: RunningProcess) => unknown,
  command: Parameters<typeof startProcess>[1] = builtCommand('run', 'change.plan'),
) {
  const running = startProcess(dir, command)
  while (fabric.device('leaf1').counters().commits.timed === 0 && running.child.exitCode === null) await pause(5)
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
  expect(leaf1.counters().commits).toEqual(PUT_BACK_ONCE)
})

test.runIf(hasPython)(
  '[F30] [P10] a real process whose terminal is closed puts its change back (needs python3)',
  async () => {
    const bench = await approved()
    const command = ['python3', '-c', TERMINAL, ...builtCommand('run', 'change.plan')] as const
    const { out } = await struck(bench, ({ child }) => child.stdin?.on('error', () => undefined).end('x'), command)
    const leaf1 = bench.device('leaf1')
    expect([/exit (-?\d+)\n$/.exec(out)?.[1], whereIs(leaf1), isSaved(leaf1)], out).toEqual(['11', 'BEFORE', true])
  },
)

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
