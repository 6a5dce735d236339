// @module-tag long
import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { builtCommand, DC1, openLab, startProcess, whereIs, workflowFor } from '../lab/lab.ts'

/** A user who is not root. */
const NOBODY = { uid: 65_534, gid: 65_534 }

const verified = (vlan: number) =>
  workflowFor('leaf1', {
    verify: `{ within: 4s, stableFor: 0s, every: 1s, checks: [reachable, { vlans-present: { vlans: [${vlan}] } }] }`,
  })

/** A change that the built command makes as such a user, whose store folder may not be written any more once the commit timer runs. */
async function changed(workflow: string) {
  const { dir, fabric } = await openLab({
    world: 'sockets',
    switches: { folder: DC1 },
    files: { 'workflow.yaml': workflow },
  })
  execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, dir])
  const run = (...argv: readonly string[]) => startProcess(dir, builtCommand(...argv), NOBODY)
  const planned = await run('plan', 'workflow.yaml', '-o', 'p.plan', '--json').ended
  const { plan } = JSON.parse(planned.out) as { plan: { digest: string } }
  const store = join(dir, '.eosflow')
  onTestFinished(() => chmodSync(store, 0o700))
  const running = run('run', 'p.plan', '--approve', plan.digest)
  while (fabric.device('leaf1').counters().commits.timed === 0 && running.child.exitCode === null) await pause(5)
  chmodSync(store, 0o500)
  const { code, out, err } = await running.ended
  const left = readdirSync(store).filter((name) => name.startsWith('running-'))
  return { code, out, err, left, end: whereIs(fabric.device('leaf1')) }
}

const WARNING = /^! the lock \S+\/running-\S+ cannot be taken away: it locks nothing any more, and can be deleted$/m

test.skipIf(process.getuid?.() !== 0).for([
  { vlan: 998, code: 0, outcome: 'succeeded', end: 'AFTER' },
  { vlan: 997, code: 6, outcome: 'rolled back', end: 'BEFORE' },
])(
  '[3G8] a change whose store folder loses its write permission meanwhile ends as it ended ($outcome), and the lock that stays is a warning',
  { timeout: 120_000 },
  async ({ vlan, code, outcome, end }) => {
    const found = await changed(verified(vlan))
    expect([found.code, found.end, found.out + found.err]).toEqual([code, end, expect.stringContaining(outcome)])
    expect(found.err).toMatch(WARNING)
    expect(found.left).toContainEqual(expect.stringMatching(/^running-\d{8}-\d{6}-\w+$/))
    expect(found.out + found.err).not.toContain('unexpected error')
  },
)
