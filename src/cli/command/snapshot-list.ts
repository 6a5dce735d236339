import { decided, requireAllowed } from '../../app/policy/authority.ts'
import { count, switches } from '../../report/count.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'

/** The snapshots in the store, newest first. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const all = (await app.store.snapshots()).map(({ name, at, devices }) => ({ name, at, devices }))
    const isSeen = ({ devices }: { readonly devices: readonly string[] }): boolean =>
      decided(app, caller, 'task.snapshot', { devices }).effect === 'allow'
    const snapshots = all.filter(isSeen)
    if (snapshots.length === 0) await requireAllowed(app, caller, 'task.snapshot', { devices: all[0]?.devices ?? [] })
    if (global.json) {
      io.out(`${JSON.stringify({ version: 1, kind: 'snapshots', snapshots })}\n`)
      return 0
    }
    const width = Math.max(0, ...snapshots.map(({ name }) => name.length))
    for (const { name, at, devices } of snapshots) {
      io.out(`${name.padEnd(width)}  ${at.slice(0, 19)}Z  ${switches(devices.length)}: ${devices.join(' ')}\n`)
    }
    const newest = snapshots[0]?.name
    io.out(`${count(snapshots.length, 'snapshot')}\n`)
    io.out(
      `Next: ${newest === undefined ? 'eosflow snapshot take before-migration' : `eosflow snapshot show ${newest}`}\n`,
    )
    return 0
  })
}
