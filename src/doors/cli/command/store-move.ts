import { resolve } from 'node:path'
import { anchorsOf, readAnchors } from '../../../project/app/store/lost-store.ts'
import { openProject } from '../../../project/files/project.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { moveIntoDatabase, withDatabase } from '../../../project/record/upkeep/database-store.ts'
import type { MovedStore } from '../../../project/record/upkeep/move.ts'
import { count, visibleLine } from '../../../report/text/text.ts'
import { givenReason, texts } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const [shown = '.', address = ''] = args
  const reason = givenReason(invocation, 'why the store is moved')
  const own = openProject(io, global)
  const project = withDatabase(own, address)
  const { principal } = await callerOf(project, io)
  const given = texts(options.anchors)
  const anchors =
    given.length > 0 ? given.flatMap((path) => readAnchors(resolve(io.cwd, path), path)) : anchorsOf(project)
  const file = shown === '.' ? own.store : resolve(io.cwd, shown)
  const moved = await moveIntoDatabase(project, io, { ...io, principal }, { file, reason, anchors })
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'store-move', file: shown, ...moved })}\n`
      : `${linesOf(address, moved).map(visibleLine).join('\n')}\nNext: eosflow audit verify\n`,
  )
  return 0
}

function linesOf(address: string, { to, id, records, wasClosed, keys }: MovedStore) {
  return [
    wasClosed
      ? `The move had been begun: ${to} is the store, with ${count(records, 'record')}`
      : `${to} is the store, with ${count(records, 'record')}, verified; its file was closed for good`,
    `It has the id that it had, ${id}: its record goes on, and so do files of anchors and of exports`,
    `Write into eosflow.yaml: store: ${address}`,
    'Name there the user that eosflow works as, a member of eos_worker: the owner of the store is for store init, move and migrate',
    `The keys stay what they are: install.key and the *.key files belong into ${keys} of every machine`,
  ]
}
