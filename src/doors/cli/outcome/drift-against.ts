import { comply } from '../../../features/comply/comply.ts'
import { againstFiles } from '../../../features/comply/intended-changes.ts'
import { openProject } from '../../../project/files/project.ts'
import { withStoreAside } from '../../../project/switches/drift/store-aside.ts'
import { requireWritable, saveLate } from '../../../project/system/process/save-text.ts'
import { complyAs } from '../../../report/comply/formats.ts'
import { colored, plain } from '../../../report/text/style.ts'
import { text } from '../option/options.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'
import { exitCodeOfCompared } from './compared-exit.ts'
import { sayRepeat } from './repeat.ts'

const AGAIN = 'Nothing was changed. Name another file, and compare again.'

export async function driftAgainst(invocation: Invocation, word: string): Promise<number> {
  const { io, options, global } = invocation
  const junit = text(options.junit)
  if (junit !== undefined) requireWritable(io, junit)
  const project = openProject(io, global)
  const against = await againstFiles(io, project, { word, at: `--against ${word}` })
  return withStoreAside(project, (store) =>
    withApp(
      store === undefined ? invocation : { ...invocation, global: { ...global, store } },
      async ({ app, caller }) => {
        const found = await comply(app, caller, { against, target: text(options.target) }, (done, all) =>
          io.live?.(`${done} of ${all} switches compared`),
        )
        io.live?.(undefined)
        if (junit !== undefined) saveLate(io, junit, complyAs.junit(found), AGAIN)
        const isDocument = global.json || options.markdown === true
        if (global.json) io.out(`${complyAs.json(found)}\n`)
        else if (options.markdown === true) io.out(complyAs.markdown(found))
        else io.out(`${complyAs.text(found, io.color ? colored : plain)}\n`)
        const failed = found.switches.flatMap(({ name, state }) => (state === 'unread' ? [name] : []))
        sayRepeat(invocation, { failed, of: found.switches.length, results: found.switches, isDocument })
        return exitCodeOfCompared(found.switches, options.detailedExitcode === true)
      },
    ),
  )
}
