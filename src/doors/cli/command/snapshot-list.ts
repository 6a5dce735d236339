import { isAllowed, requireAllowed } from '../../../project/access/policy/authority.ts'
import { shownSnapshot } from '../../../project/switches/snapshot/snapshot-document.ts'
import { movedWords } from '../../../report/baseline-words.ts'
import { count, switches } from '../../../report/text/text.ts'
import { appCommand } from '../terminal/compose.ts'

/** The snapshots in the store, newest first. */
export const run = appCommand(async ({ app, caller, io, global }) => {
  const all = (await app.store.snapshots()).map(shownSnapshot)
  const isSeen = ({ devices }: { readonly devices: readonly string[] }) =>
    isAllowed(app, caller, 'task.snapshot', { devices })
  const snapshots = all.filter(isSeen)
  if (snapshots.length === 0) await requireAllowed(app, caller, 'task.snapshot', { devices: all[0]?.devices ?? [] })
  if (global.json) {
    io.out(`${JSON.stringify({ version: 1, kind: 'snapshots', snapshots })}\n`)
    return 0
  }
  const width = Math.max(0, ...snapshots.map(({ name }) => name.length))
  for (const { name, at, devices, ...moved } of snapshots) {
    const did = movedWords(moved)
    const held = `${switches(devices.length)}: ${devices.join(' ')}${did === undefined ? '' : ` (${did})`}`
    io.out(`${name.padEnd(width)}  ${at.slice(0, 19)}Z  ${held}\n`)
  }
  const newest = snapshots[0]?.name
  const next = newest === undefined ? 'take before-migration' : `show ${newest}`
  io.out(`${count(snapshots.length, 'snapshot')}\nNext: eosflow snapshot ${next}\n`)
  return 0
})
