import { SNAPSHOT_AREAS, takeSnapshot } from '../../../project/switches/snapshot/take-snapshot.ts'
import { snapshotNotes } from '../../../report/baseline-words.ts'
import { switches } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import { exitCodeOfThrown } from '../outcome/exit-code.ts'
import { failureText } from '../outcome/failure.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async ({ app, caller, io, args, options, global, invocation }) => {
  const { failure, ...taken } = await takeSnapshot(app, caller, { target: text(options.target), name: args[0] })
  const { name, devices, missing } = taken
  const areas = `${SNAPSHOT_AREAS.length} state areas each`
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'snapshot', ...taken })}\n`
      : `Snapshot: ${name} · ${switches(devices.length)}, ${areas}\n${snapshotNotes(taken)}Next: eosflow snapshot show ${name}\n`,
  )
  if (failure === undefined) return 0
  io.err(`! not in the snapshot: ${missing.join(' ')}\n${failureText(failure, io)}\n`)
  // The name is that of the snapshot that was taken.
  sayRepeat(invocation, { failed: missing, of: devices.length + missing.length }, { args: [] })
  return exitCodeOfThrown(failure)
})
