import { resolve } from 'node:path'
import { definedItems } from '../../../model/json.ts'
import { readAnchors } from '../../../project/app/store/lost-store.ts'
import { openProject } from '../../../project/files/project.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { type RestoreResult, restore } from '../../../project/record/upkeep/restore.ts'
import { count, visibleLine } from '../../../report/text/text.ts'
import { givenReason, texts } from '../option/options.ts'
import { asTyped, type Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const file = args[0] ?? ''
  const reason = givenReason(invocation, 'why the store is restored')
  const project = openProject(io, global)
  const { principal } = await callerOf(project, io)
  const anchors = texts(options.anchors).flatMap((path) => readAnchors(resolve(io.cwd, path), path))
  const setsAside = options.setAside === true
  const found = await restore(project, io, { ...io, principal }, { file, reason, setsAside, anchors })
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'store-restore', file, ...found })}\n`
      : `${asTyped(linesOf(file, found).map(visibleLine).join('\n'), io)}\nNext: eosflow recover --scan\n`,
  )
  return 0
}

function linesOf(file: string, { records, missing, open, aside, lost, isComplete }: RestoreResult) {
  return definedItems(
    `Restored from ${file}: ${count(records, 'record')}, verified`,
    missing.length !== 0 &&
      `Not beside the store, and not verified: ${missing.join(', ')}; put the segments back, then eosflow audit verify`,
    aside !== undefined && `The store that was there is ${aside}`,
    isComplete
      ? 'Nothing is lost: the store that was there had no later record'
      : lost === undefined
        ? 'Nothing here vouches for records behind the backup: what was written since it was made is lost'
        : `Lost: the records from ${records + 1} to ${lost.through}, by ${lost.by}`,
    open.length !== 0 && `Open in the backup, and not resumed without --restored: ${open.join(', ')}`,
    ...(isComplete ? [] : LOST_TOO),
    'Approvals and task tokens from before count no more: approve plans again',
  )
}

const LOST_TOO = [
  'Freezes that were set since the backup are lost too: set them again with eosflow freeze',
  'Keys of runs are refused where they are not on record, until: eosflow store accept-loss --reason TEXT',
]
